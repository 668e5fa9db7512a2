#include "store/remote/external_object.h"

#include <doctest/doctest.h>
#include <fcntl.h>

#include <atomic>

#include "base/file.h"
#include "store/object_cache.h"
#include "support/temporary_folder.h"
#include "unit/core/failure.h"
#include "unit/store/remote/small_parts.h"

namespace algoctl::test {
namespace {

const std::string kUrl = "s3://bucket/models/m.pkl";
const std::string kMend =
    " | bring those bytes back, or upload a copy of them from anywhere: the same bytes mend it";

/// `m.pkl` in somebody's bucket, asked without waiting between tries.
struct ExternalFixture {
  ExternalFixture() : object(talk(), "m.pkl") { hold("january"); }

  std::unique_ptr<Conversation> talk() { return talk_in_small_parts(s3, "models"); }

  void hold(const std::string& bytes) { s3.set("models/m.pkl", bytes); }

  /// The next answer is cut off after so many bytes.
  void cut_once(const std::string& bytes, std::size_t after, const std::string& tag) {
    s3.lie([=, cut = std::make_shared<std::atomic<bool>>(false)](
               const SeenRequest&) -> std::optional<ScriptedAnswer> {
      if (cut->exchange(true)) return std::nullopt;
      ScriptedAnswer answer;
      answer.body = bytes;
      answer.cut_after = after;
      answer.headers = {{"etag", tag}};
      return answer;
    });
  }
  /// The ETag that the server gives to these bytes.
  std::string tag_of(const std::string& bytes) {
    hold(bytes);
    const auto asking = talk();
    return asking->ask([&] { return asking->bucket().head("m.pkl"); }).header("etag").value();
  }

  /// By way of the cache, as pull does.
  std::string pull(const std::string& bytes) {
    const ObjectCache cache(folder / "cache", Stamps());
    const auto size = static_cast<std::int64_t>(bytes.size());
    const Digest digest = Digest::of(bytes);
    const ObjectCache::Fetch fetch = [&](int to, const std::string& path,
                                         const TransferOptions& options) {
      object.fetch(digest, size, to, path, options);
    };
    return read(cache.get(fetch, digest, size, {}));
  }

  PlayedS3 s3;
  TemporaryFolder folder;
  ExternalObject object;
};

std::string long_bytes(std::size_t size) {
  std::string bytes;
  for (std::size_t i = 0; bytes.size() < size; ++i) bytes += std::to_string(i) + ",";
  bytes.resize(size);
  return bytes;
}

}  // namespace

TEST_CASE("external object: a bucket that is gone is an error, never an object that is not there") {
  ExternalFixture fixture;
  fixture.s3.lie([](const SeenRequest&) -> std::optional<ScriptedAnswer> {
    return ScriptedAnswer{404, {}, "<Error><Code>NoSuchBucket</Code></Error>"};
  });
  const std::string gone =
      "storage: s3://bucket/models: there is no such bucket | make it first, or look at the name "
      "and the endpoint";
  CHECK(failure([&] { static_cast<void>(fixture.object.read({})); }) == gone);
  CHECK(failure([&] { fixture.object.check(Digest::of("january"), {}); }) == gone);
  CHECK(failure([&] { fixture.pull("january"); }) == gone);
}

TEST_CASE("external object: read once for size and digest, or copied on the way") {
  ExternalFixture fixture;
  CHECK(fixture.object.url() == kUrl);
  for (const std::string& bytes : {std::string("january"), std::string(), long_bytes(5 * kPart)}) {
    fixture.hold(bytes);
    const Transferred found = fixture.object.read({});
    CHECK(found.digest == Digest::of(bytes));
    CHECK(found.size == static_cast<std::int64_t>(bytes.size()));
    const std::string path = fixture.folder.write("copy", "");
    const Fd to = open_file(path, O_RDWR);
    CHECK(fixture.object.copy(to.get(), path, {}).digest == Digest::of(bytes));
    CHECK(read(path) == bytes);
  }
  CHECK(fixture.s3.count("GET", "/bucket/models/m.pkl") == 6);
  CHECK(fixture.s3.count("PUT", "") == 0);
}

TEST_CASE("external object: a reading that was cut off goes on where the ETag is the same") {
  ExternalFixture fixture;
  const std::string bytes = long_bytes(100'000);
  fixture.cut_once(bytes, 60'000, fixture.tag_of(bytes));
  const std::string path = fixture.folder.write("copy", "");
  const Fd to = open_file(path, O_RDWR);
  CHECK(fixture.object.copy(to.get(), path, {}).digest == Digest::of(bytes));
  CHECK(read(path) == bytes);
  const auto seen = fixture.s3.server().requests();
  CHECK(http::find_field(seen.back().headers, "range") == "bytes=60000-99999");
}

TEST_CASE("external object: without a strong ETag a reading begins anew, and is never mixed") {
  ExternalFixture fixture;
  const std::string before = long_bytes(100'000);
  const std::string after = "a shorter one";
  fixture.hold(after);
  fixture.cut_once(before, 60'000, "W/\"weak\"");
  const std::string path = fixture.folder.write("copy", "");
  const Fd to = open_file(path, O_RDWR);
  CHECK(fixture.object.copy(to.get(), path, {}).digest == Digest::of(after));
  CHECK(read(path) == after);
}

TEST_CASE("external object: bytes that change between two tries are refused") {
  ExternalFixture fixture;
  const std::string before = long_bytes(100'000);
  const std::string tag = fixture.tag_of(before);
  SUBCASE("others of the same size") { fixture.hold(std::string(100'000, 'x')); }
  SUBCASE("fewer") { fixture.hold("short"); }
  fixture.cut_once(before, 60'000, tag);
  CHECK(failure([&] { static_cast<void>(fixture.object.read({})); }) ==
        "storage: " + kUrl + " changed while it was read | run it again");
}

TEST_CASE("external object: where the server says no length, its end must show, and come") {
  ExternalFixture fixture;
  ScriptedAnswer answer;
  fixture.s3.lie([&](const SeenRequest&) { return std::optional(answer); });
  const auto refusal = [&](const ScriptedAnswer& given) {
    answer = given;
    const ExternalObject object(fixture.talk(), "m.pkl", 200'000);
    return failure([&] { static_cast<void>(object.read({})); });
  };
  const std::string bytes = long_bytes(100'000);
  answer = {.body = bytes, .chunked = true};
  CHECK(fixture.object.read({}).digest == Digest::of(bytes));
  CHECK(refusal({.body = bytes + bytes, .chunked = true}) == "nothing");
  const std::string too_long = "storage: " + kUrl +
                               " comes without a length, and goes on after 200000 bytes | if it "
                               "does end, download it in another way, and upload the file";
  CHECK(refusal({.body = bytes + bytes + "x", .chunked = true}) == too_long);
  CHECK(refusal({.body = bytes, .chunked = true, .endless = true}) == too_long);
  const std::string no_end = "storage: " + kUrl +
                             " comes without a length: nobody can tell its end from where it is "
                             "cut off | download it in another way, and upload the file";
  CHECK(refusal({.body = "january", .until_close = true}) == no_end);
  CHECK(refusal({.body = "", .until_close = true}) == no_end);
  CHECK(refusal({.body = bytes, .until_close = true, .endless = true}) == no_end);
}

TEST_CASE("external object: a chunked answer that was cut off is asked for again, from its begin") {
  ExternalFixture fixture;
  const std::string bytes = long_bytes(100'000);
  fixture.hold(bytes);
  std::atomic<int> tries{0};
  fixture.s3.lie([&](const SeenRequest&) -> std::optional<ScriptedAnswer> {
    ScriptedAnswer answer{.headers = {{"etag", "\"v1\""}}, .body = bytes, .chunked = true};
    if (tries++ == 0) answer.cut_after = 60'000;
    return answer;
  });
  CHECK(fixture.object.read({}).digest == Digest::of(bytes));
  CHECK(tries == 2);
  CHECK(!http::find_field(fixture.s3.server().requests().back().headers, "range"));
}

TEST_CASE("external object: what comes in pieces is read to its end, or not at all") {
  ExternalFixture fixture;
  const std::string bytes = long_bytes(1'000'000);
  fixture.hold(bytes);
  std::atomic<int> tries{0};
  bool says_end = true;
  fixture.s3.lie([&](const SeenRequest& request) -> std::optional<ScriptedAnswer> {
    if (tries++ == 0) {
      return ScriptedAnswer{.headers = {{"etag", "\"v1\""}}, .body = bytes, .cut_after = 500'000};
    }
    const std::string range = http::find_field(request.headers, "range").value_or("bytes=0-");
    const std::size_t from = std::stoul(range.substr(6));
    const std::size_t end = std::min(bytes.size(), from + 100'000);
    return ScriptedAnswer{.status = 206,
                          .headers = {{"etag", "\"v1\""},
                                      {"content-range", "bytes " + std::to_string(from) + "-" +
                                                            std::to_string(end - 1) + "/1000000"}},
                          .body = bytes.substr(from, says_end ? end - from : 10),
                          .until_close = !says_end};
  });
  const Transferred read = fixture.object.read({});
  CHECK(read.size == 1'000'000);
  CHECK(read.digest == Digest::of(bytes));
  CHECK(tries > 5);
  // One that never brings what it says.
  tries = 0;
  says_end = false;
  CHECK(failure([&] { static_cast<void>(fixture.object.read({})); }) ==
        "storage: " + kUrl +
            ": the server sends less than it says | look at what answers there: is it an object "
            "store?");
}

TEST_CASE("external object: a length beside chunks counts for nothing") {
  ExternalFixture fixture;
  const std::string bytes = long_bytes(100'000);
  fixture.s3.lie([&](const SeenRequest&) -> std::optional<ScriptedAnswer> {
    return ScriptedAnswer{
        .headers = {{"etag", "\"v1\""}, {"content-length", "10"}}, .body = bytes, .chunked = true};
  });
  CHECK(fixture.object.read({}).digest == Digest::of(bytes));
  const ExternalObject strict(fixture.talk(), "m.pkl", 50'000);
  CHECK(failure([&] { static_cast<void>(strict.read({})); }).find("goes on after 50000 bytes") !=
        std::string::npos);
}

TEST_CASE("external object: not there, not allowed and not reached are told apart") {
  ExternalFixture fixture;
  fixture.s3.remove("models/m.pkl");
  CHECK(failure([&] { static_cast<void>(fixture.object.read({})); }) ==
        "not_found: there is no object " + kUrl + " | look at the URL and its endpoint");
  CHECK(failure([&] { fixture.pull("january"); }) == "integrity: " + kUrl +
                                                         " is not there any more: it held " +
                                                         Digest::of("january").str() + kMend);
  fixture.s3.lie([](const SeenRequest&) {
    ScriptedAnswer answer;
    answer.status = 403;
    return std::optional(answer);
  });
  CHECK(failure([&] { fixture.pull("january"); }).substr(0, 13) == "unauthorized:");
  fixture.s3.lie([](const SeenRequest&) {
    ScriptedAnswer answer;
    answer.silent = true;
    return std::optional(answer);
  });
  CHECK(failure([&] { fixture.pull("january"); }).substr(0, 8) == "storage:");
}

TEST_CASE("external object: other bytes are never served, and both digests are shown") {
  ExternalFixture fixture;
  const std::string old = long_bytes(3 * kPart);
  for (const std::string& now :
       {std::string("longer or shorter"), std::string(3 * kPart, 'x'), old + "and more"}) {
    fixture.hold(now);
    CHECK(failure([&] { fixture.pull(old); }) ==
          "integrity: " + kUrl + " holds other bytes than were recorded\n  recorded: " +
              Digest::of(old).str() + "\n  now:      " + Digest::of(now).str() + kMend);
    CHECK(failure([&] { fixture.object.check(Digest::of(old), {}); }).substr(0, 10) ==
          "integrity:");
  }
  fixture.hold(old);
  CHECK(fixture.pull(old) == old);
  fixture.object.check(Digest::of(old), {});
}

TEST_CASE("external object: a transfer that failed goes on with the parts that are missing") {
  ExternalFixture fixture;
  const std::string bytes = long_bytes(kManyParts * kPart);
  fixture.hold(bytes);
  const std::string last = "bytes=" + std::to_string((kManyParts - 1) * kPart) + "-";
  fixture.s3.lie([&](const SeenRequest& request) -> std::optional<ScriptedAnswer> {
    if (http::find_field(request.headers, "range").value_or("").rfind(last, 0) != 0) return {};
    ScriptedAnswer answer;
    answer.status = 503;
    return answer;
  });
  CHECK(failure([&] { fixture.pull(bytes); }).substr(0, 8) == "storage:");
  fixture.s3.lie({});
  const int before = fixture.s3.count("GET", "m.pkl");
  CHECK(fixture.pull(bytes) == bytes);
  CHECK(fixture.s3.count("GET", "m.pkl") - before < static_cast<int>(kManyParts));
}

TEST_CASE("external object: is opened by the kinds of stores, without a secret in its URL") {
  const ExternalFixture fixture;
  const std::string origin = fixture.s3.server().origin();
  const StoreSettings settings;
  const ExternalObject bucket("s3://bucket/models/m.pkl?endpoint=" + origin + "&credentials=none",
                              settings);
  CHECK(bucket.url() == "s3://bucket/models/m.pkl?credentials=none&endpoint=" + origin);
  CHECK(bucket.read({}).digest == Digest::of("january"));
  const ExternalObject web(origin + "/bucket/models/m.pkl", settings);
  CHECK(web.url() == origin + "/bucket/models/m.pkl");
  CHECK(web.read({}).digest == Digest::of("january"));
  const auto open = [&](const std::string& url) {
    return failure([&] { ExternalObject(url, settings); });
  };
  CHECK(open("s3://key:secret@bucket/m.pkl").find("secret") == std::string::npos);
  CHECK(open("s3://bucket/m.pkl?secret=1").substr(0, 6) == "usage:");
  CHECK(open("ftp://host/m.pkl").substr(0, 54) ==
        "usage: no kind of store has URLs that begin with 'ftp:");
}

}  // namespace algoctl::test
