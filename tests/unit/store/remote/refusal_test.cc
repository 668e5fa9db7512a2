// What a server that refuses is understood to say, where a HEAD or a condition is refused.

#include <doctest/doctest.h>

#include "store/remote/remote_store.h"
#include "support/temporary_folder.h"
#include "unit/core/failure.h"
#include "unit/store/remote/small_parts.h"
#include "unit/store/store_fixture.h"

namespace algoctl::test {
namespace {

/// A store on a played server.
class RefusingServer {
 public:
  RefusingServer()
      : store_(RemoteStore::create(talk_in_small_parts(s3, "prefix"), "owner-1",
                                   {folder_ / "scratch", Stamps(folder_ / "cache")})) {}

  RemoteStore& store() { return *store_; }
  Stored put(const std::string& bytes) {
    return put_file(*store_, folder_.write("model.bin", bytes), "upload");
  }

  PlayedS3 s3;

 private:
  TemporaryFolder folder_;
  std::unique_ptr<RemoteStore> store_;
};

bool is_of_object(const SeenRequest& request) {
  return request.target.find("objects/") != std::string::npos;
}

}  // namespace

TEST_CASE("remote store: why a HEAD was refused, whose answer has no body, is asked once more") {
  struct Case {
    int status;
    const char* code;
    const char* text;
  };
  RefusingServer f;
  for (const Case& c : {
           Case{400, "ExpiredToken",
                "unauthorized: s3://bucket/prefix: the session token has expired | get new "
                "credentials"},
           Case{403, "RequestTimeTooSkewed",
                "unauthorized: s3://bucket/prefix: this machine's clock is wrong | set the clock: "
                "a signature holds for 15 minutes"},
           Case{403, "InvalidAccessKeyId",
                "unauthorized: s3://bucket/prefix: the access key is not known there | look at "
                "AWS_ACCESS_KEY_ID or the profile, and at the endpoint"},
           Case{403, "AccessDenied",
                "unauthorized: s3://bucket/prefix: no permission for s3:GetObject | grant it to "
                "the key that is used, or use another key"},
       }) {
    CAPTURE(std::string(c.code));
    f.s3.lie([&](const SeenRequest& request) -> std::optional<ScriptedAnswer> {
      if (!is_of_object(request)) return std::nullopt;
      return ScriptedAnswer{
          c.status, {}, "<Error><Code>" + std::string(c.code) + "</Code></Error>"};
    });
    const int before = f.s3.count("GET", "objects/");
    CHECK(failure([&] { static_cast<void>(f.store().has(Digest::of("x"), 1)); }) == c.text);
    CHECK(f.s3.count("GET", "objects/") == before + 1);
    const SeenRequest last = f.s3.server().requests().back();
    CHECK(http::find_field(last.headers, "range") == "bytes=0-0");
    // Sent, too, what is refused is not taken for a server that knows no conditions.
    const int heads = f.s3.count("HEAD", "objects/");
    const std::string put = failure([&] { f.put("small"); });
    CHECK(put.substr(0, 34) == std::string(c.text).substr(0, 34));
    CHECK(f.s3.count("HEAD", "objects/") == heads);
  }
}

TEST_CASE("remote store: where a GET tells no more, the answer to the HEAD is explained") {
  RefusingServer f;
  for (const int status : {200, 404, 416}) {
    CAPTURE(status);
    f.s3.lie([&](const SeenRequest& request) -> std::optional<ScriptedAnswer> {
      if (!is_of_object(request)) return std::nullopt;
      return ScriptedAnswer{request.method == "HEAD" ? 403 : status};
    });
    CHECK(failure([&] { static_cast<void>(f.store().has(Digest::of("x"), 1)); }) ==
          "unauthorized: s3://bucket/prefix: no permission for s3:GetObject | grant it to the key "
          "that is used, or use another key");
  }
  f.s3.lie([&](const SeenRequest& request) -> std::optional<ScriptedAnswer> {
    if (!is_of_object(request)) return std::nullopt;
    if (request.method == "HEAD") return ScriptedAnswer{400};
    ScriptedAnswer gone;
    gone.silent = true;
    return gone;
  });
  CHECK(failure([&] { static_cast<void>(f.store().has(Digest::of("x"), 1)); }) ==
        "storage: s3://bucket/prefix: HEAD was answered with 400");
}

TEST_CASE("remote store: only a 400 for no known reason may mean that conditions are not known") {
  RefusingServer f;
  f.s3.lie([](const SeenRequest& request) -> std::optional<ScriptedAnswer> {
    if (!http::find_field(request.headers, "if-none-match")) return std::nullopt;
    return ScriptedAnswer{400, {}, "<Error><Code>InvalidArgument</Code></Error>"};
  });
  CHECK(f.put("small").created);
  CHECK(f.s3.objects().count("prefix/" + object_key(Digest::of("small"))) == 1);
}

}  // namespace algoctl::test
