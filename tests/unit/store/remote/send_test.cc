// What a list of parts says, and what it hides.

#include "store/remote/send.h"

#include <doctest/doctest.h>

#include <atomic>

#include "store/object_cache.h"
#include "store/remote/remote_store.h"
#include "support/temporary_folder.h"
#include "unit/core/failure.h"
#include "unit/store/remote/small_parts.h"
#include "unit/store/store_fixture.h"

namespace algoctl::test {
namespace {

/// Three parts, of which the server took the first two before it refused the last.
struct HalfSent {
  HalfSent() {
    s3.lie([](const SeenRequest& request) {
      const bool last = request.target.find("partNumber=3") != std::string::npos;
      return last ? std::optional(denied()) : std::nullopt;
    });
    CHECK_THROWS(put());
    s3.lie({});
  }

  Stored put() { return put_file(*store, folder.write("model.bin", bytes), "upload"); }
  [[nodiscard]] std::string key() const { return "prefix/" + object_key(Digest::of(bytes)); }
  [[nodiscard]] std::string sent() const { return s3.objects().at(key()); }

  /// What is answered to whoever asks for the list of parts, the how-manieth time from 1.
  void list(const std::function<std::string(int)>& parts) {
    auto times = std::make_shared<std::atomic<int>>(0);
    s3.lie([=](const SeenRequest& request) -> std::optional<ScriptedAnswer> {
      if (!is_list(request)) return std::nullopt;
      ScriptedAnswer answer;
      answer.body = "<ListPartsResult>" + parts(++*times) + "</ListPartsResult>";
      return answer;
    });
  }
  static bool is_list(const SeenRequest& request) {
    return request.method == "GET" && request.target.find("uploadId=") != std::string::npos;
  }
  [[nodiscard]] int lists() const { return s3.count("GET", "uploadId="); }

  std::string bytes = noise(2 * kPart + kPart / 2);
  TemporaryFolder folder;
  PlayedS3 s3;
  std::unique_ptr<RemoteStore> store = RemoteStore::create(
      talk_in_small_parts(s3, "prefix"), "owner-1", {folder / "scratch", Stamps(folder / "cache")});
};

std::string page_before(int next) {
  return "<Part><PartNumber>1</PartNumber><Size>65536</Size><ETag>\"other\"</ETag></Part>"
         "<IsTruncated>true</IsTruncated><NextPartNumberMarker>" +
         std::to_string(next) + "</NextPartNumberMarker>";
}

}  // namespace

TEST_CASE("send: a list of parts that never ends is not followed further than there are parts") {
  HalfSent f;
  int begin = 0;
  SUBCASE("that moves on") {
    f.list([](int times) { return page_before(times); });
  }
  SUBCASE("that stays where it is") {
    f.list([](int) { return page_before(7); });
  }
  begin = f.lists();
  CHECK(f.put().created);
  CHECK(f.lists() - begin == 4);
  CHECK((f.sent() == f.bytes));
}

TEST_CASE("send: a part that is listed and is not there is found out when it is to be used") {
  HalfSent f;
  f.s3.lie([&](const SeenRequest& request) -> std::optional<ScriptedAnswer> {
    if (request.method == "POST") f.s3.lose_part(1);
    return std::nullopt;
  });
  CHECK(failure([&] { f.put(); }) ==
        "storage: s3://bucket/prefix: POST was answered with 400 InvalidPart: played | run it "
        "again: all parts are sent anew");
  CHECK(f.s3.objects().count(f.key()) == 0);
  f.s3.lie({});
  // All parts anew: what the journal knew is not so.
  CHECK(f.put().created);
  CHECK((f.sent() == f.bytes));
}

TEST_CASE("send: a part whose bytes are lost without a word is found out by whoever reads") {
  HalfSent f;
  CHECK(f.put().created);
  const std::string lost = f.bytes.substr(kPart);
  f.s3.set(f.key(), lost);
  const ObjectCache cache(f.folder / "cache", Stamps());
  const auto pull = [&] {
    return cache.get(*f.store, Digest::of(f.bytes), static_cast<std::int64_t>(f.bytes.size()), {});
  };
  // Which part is the first to miss bytes, and so how many it says that there are, is a matter of
  // time.
  CHECK(failure(pull).rfind("integrity: object " + Digest::of(f.bytes).str() +
                                " is damaged\n  expected: 163840 bytes\n  found:    ",
                            0) == 0);
  CHECK(f.put().created);
  CHECK((read(pull()) == f.bytes));
}

}  // namespace algoctl::test
