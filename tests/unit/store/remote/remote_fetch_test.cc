// What a store in a bucket hands out, and what it finds out about that.

#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include <atomic>

#include "unit/core/failure.h"
#include "unit/store/remote/remote_fixture.h"

namespace algoctl::test {
namespace {

/// How often a part of an object was asked for.
int asked(const PlayedS3& s3, int number) {
  const std::size_t begin = static_cast<std::size_t>(number - 1) * (kPart);
  int count = 0;
  for (const SeenRequest& request : s3.server().requests()) {
    const std::string range = http::find_field(request.headers, "range").value_or("");
    count += range.find("bytes=" + std::to_string(begin) + "-") == 0 ? 1 : 0;
  }
  return count;
}

/// More bytes than are moved at once.
std::string many_parts() { return noise((kManyParts - 1) * kPart + kPart / 2); }

/// Refuses the last part of them, which is asked for when one of the others is there.
std::optional<ScriptedAnswer> deny_last(const SeenRequest& request) {
  const bool is_last = http::find_field(request.headers, "range") == "bytes=1048576-1081343";
  return is_last ? std::optional(denied()) : std::nullopt;
}

}  // namespace

TEST_CASE("remote store: a download that failed goes on with the parts that are missing") {
  RemoteFixture f;
  const auto store = f.create();
  const std::string bytes = many_parts();
  f.s3.set(f.object(bytes), bytes);
  f.s3.lie(deny_last);
  CHECK(
      failure([&] { f.pull(*store, bytes); }) ==
      "unauthorized: s3://bucket/prefix: no permission for s3:GetObject | grant it to the key that "
      "is used, or use another key");
  const std::vector<int> known = journaled(f.folder / "cache/transfers");
  CHECK(!known.empty());
  // A slow machine may have made the first try ask twice.
  std::vector<int> before;
  for (const int number : known) before.push_back(asked(f.s3, number));
  f.s3.lie({});
  CHECK((f.pull(*store, bytes) == bytes));
  for (std::size_t i = 0; i < known.size(); ++i) CHECK(asked(f.s3, known[i]) == before[i]);
  CHECK(files_in(f.folder / "cache/transfers") == 0);
  // And now it is there.
  const int then = f.s3.count("GET", "objects/");
  CHECK((f.pull(*store, bytes) == bytes));
  CHECK(f.s3.count("GET", "objects/") == then);
}

TEST_CASE("remote store: a part that the disk has otherwise than it came is fetched again, alone") {
  RemoteFixture f;
  const auto store = f.create();
  const std::string bytes = many_parts();
  f.s3.set(f.object(bytes), bytes);
  f.s3.lie(deny_last);
  CHECK(failure([&] { f.pull(*store, bytes); }).substr(0, 13) == "unauthorized:");
  const std::vector<int> known = journaled(f.folder / "cache/transfers");
  REQUIRE(!known.empty());
  {
    const std::string part = f.folder / ("cache/transfers/" + Digest::of(bytes).hex() + ".part");
    const Fd file = open_file(part, O_RDWR);
    const auto at = static_cast<off_t>(known.back() - 1) * static_cast<off_t>(kPart) + 17;
    REQUIRE(::pwrite(file.get(), "rot", 3, at) == 3);
  }
  std::vector<int> before;
  for (const int number : known) before.push_back(asked(f.s3, number));
  f.s3.lie({});
  CHECK((f.pull(*store, bytes) == bytes));
  for (std::size_t i = 0; i + 1 < known.size(); ++i) {
    CHECK(asked(f.s3, known[i]) == before[i]);
  }
  CHECK(asked(f.s3, known.back()) > before.back());
}

TEST_CASE("remote store: other bytes than the digest names are never handed out") {
  RemoteFixture f;
  const auto store = f.create();
  for (const std::size_t size : {std::size_t{1000}, (kPart + kPart / 4)}) {
    CAPTURE(size);
    const std::string bytes = noise(size);
    std::string other = bytes;
    other[size / 2] ^= 1;
    f.s3.set(f.object(bytes), other);
    CHECK(failure([&] { f.pull(*store, bytes); }) ==
          "integrity: object " + Digest::of(bytes).str() + " is damaged\n  expected: " +
              Digest::of(bytes).str() + "\n  found:    " + Digest::of(other).str() +
              " | upload the file again, or bring it back from a copy: the same bytes mend it");
    CHECK(files_in(f.folder / "cache") == 0);
    f.s3.set(f.object(bytes), bytes);
    CHECK((f.pull(*store, bytes) == bytes));
    std::filesystem::remove_all(f.folder / "cache");
  }
}

TEST_CASE("remote store: an object of another size is found out before it is read") {
  RemoteFixture f;
  const auto store = f.create();
  for (const std::size_t size : {std::size_t{1000}, (2 * kPart + kPart / 2)}) {
    const std::string bytes = noise(size);
    for (const std::size_t other : {size - 1, size + 1, size / 4}) {
      CAPTURE(size);
      CAPTURE(other);
      f.s3.set(f.object(bytes), noise(other));
      const std::string text = failure([&] { f.pull(*store, bytes); });
      CHECK(text.find("integrity: object " + Digest::of(bytes).str() + " is damaged\n  expected: " +
                      std::to_string(size) + " bytes\n  found:") == 0);
    }
  }
}

TEST_CASE(
    "remote store: what rotted, and was seen to be, is mended by an upload of the same file") {
  RemoteFixture f;
  const auto store = f.create();
  for (const std::size_t size : {std::size_t{1000}, (2 * kPart + kPart / 2)}) {
    CAPTURE(size);
    const std::string bytes = noise(size);
    CHECK(f.put(*store, bytes).created);
    std::string rotten = bytes;
    rotten[size / 2] ^= 1;
    f.s3.rot(f.object(bytes), rotten);
    // Nobody has looked: what is kept beside it is believed.
    CHECK(!f.put(*store, bytes).created);
    CHECK(failure([&] { f.pull(*store, bytes); }).substr(0, 10) == "integrity:");
    // Also another process of this user.
    const Stored again = f.put(*f.open(), bytes);
    CHECK(again.created);
    CHECK(again.warning ==
          "object " + Digest::of(bytes).str() + " was not as it was sent; it is sent again");
    CHECK((f.pull(*store, bytes) == bytes));
    CHECK(!f.put(*store, bytes).created);
    CHECK(files_in(f.folder / "scratch") == 0);
    std::filesystem::remove_all(f.folder / "cache");
  }
}

TEST_CASE("remote store: what was mended by somebody else is not sent again") {
  RemoteFixture f;
  const auto store = f.create();
  const std::string bytes = "the model";
  f.put(*store, bytes);
  f.s3.rot(f.object(bytes), "the m0del");
  CHECK(failure([&] { f.pull(*store, bytes); }).substr(0, 10) == "integrity:");
  f.s3.rot(f.object(bytes), bytes);
  CHECK((f.pull(*store, bytes) == bytes));
  CHECK(!f.put(*store, bytes).created);
}

TEST_CASE(
    "remote store: of an object that became shorter its size is said, as far as it is known") {
  RemoteFixture f;
  const auto store = f.create();
  const std::string bytes = noise(2 * kPart + kPart / 2);
  f.s3.set(f.object(bytes), bytes);
  const auto found = [&](const http::Fields& headers) {
    f.s3.lie([&](const SeenRequest& request) -> std::optional<ScriptedAnswer> {
      const std::string range = http::find_field(request.headers, "range").value_or("");
      if (range != "bytes=131072-163839") return std::nullopt;
      return ScriptedAnswer{416, headers};
    });
    const std::string text = failure([&] { f.pull(*store, bytes); });
    return text.substr(text.find("\n  expected"), text.find(" | ") - text.find("\n  expected"));
  };
  const std::string expected = "\n  expected: 163840 bytes\n  found:    ";
  CHECK(found({{"content-range", "bytes */70000"}}) == expected + "70000 bytes");
  CHECK(found({}) == expected + "131072 bytes");
}

TEST_CASE("remote store: a part that comes in pieces is asked for until it is there") {
  RemoteFixture f;
  const auto store = f.create();
  for (const std::size_t size : {kPart, 2 * kPart + kPart / 2}) {
    CAPTURE(size);
    const std::string bytes = noise(size);
    f.s3.set(f.object(bytes), bytes);
    // RFC 9110, 15.3.7: a server may send less than was asked for, and says so.
    f.s3.lie([&](const SeenRequest& request) -> std::optional<ScriptedAnswer> {
      const std::string range = http::find_field(request.headers, "range").value_or("");
      if (range.empty()) {
        if (request.method != "GET" || !holds(request, "objects/")) return std::nullopt;
        return ScriptedAnswer{.body = bytes, .cut_after = 5000};
      }
      const std::size_t from = std::stoul(range.substr(6));
      const std::size_t most = std::stoul(range.substr(range.find('-') + 1)) + 1;
      const std::size_t end = std::min(most, from + kPart / 2);
      return ScriptedAnswer{
          .status = 206,
          .headers = {{"content-range", "bytes " + std::to_string(from) + "-" +
                                            std::to_string(end - 1) + "/" + std::to_string(size)}},
          .body = bytes.substr(from, end - from)};
    });
    CHECK((f.pull(*store, bytes) == bytes));
  }
}

TEST_CASE("remote store: a server that sends other bytes than it was asked for damages nothing") {
  RemoteFixture f;
  const auto store = f.create();
  const std::string bytes = noise(2 * kPart + kPart / 2);
  CHECK(f.put(*store, bytes).created);
  const std::string said =
      "storage: object " + Digest::of(bytes).str() +
      ": the server sent other bytes than it was asked for | look at what answers there: is it an "
      "object store?";
  struct Case {
    const char* range;  ///< of what is answered to the last part
    std::size_t size;
    const char* begins;
  };
  for (const Case& c :
       {Case{"bytes 0-32767/163840", kPart / 2, said.c_str()},
        Case{"bytes 131072-196607/163840", kPart, said.c_str()},
        Case{"bytes 131072-163840/*", kPart / 2 + 1, said.c_str()},
        Case{"", kPart / 2, said.c_str()}, Case{"bytes 131072-163839/163840", 0, "storage: "}}) {
    CAPTURE(std::string(c.range));
    f.s3.lie([&](const SeenRequest& request) -> std::optional<ScriptedAnswer> {
      const std::string range = http::find_field(request.headers, "range").value_or("");
      if (range != "bytes=131072-163839") return std::nullopt;
      return ScriptedAnswer{
          .status = 206, .headers = {{"content-range", c.range}}, .body = std::string(c.size, 'x')};
    });
    CHECK(failure([&] { f.pull(*store, bytes); }).find(c.begins) == 0);
    f.s3.lie({});
    // Nobody says that it is damaged, or sends it again.
    CHECK(!f.put(*store, bytes).created);
  }
  CHECK((f.pull(*store, bytes) == bytes));
}

TEST_CASE("remote store: nothing stays of a download of which no part came") {
  RemoteFixture f;
  const auto store = f.create();
  const std::string bytes = noise(5 * kPart);
  f.s3.set(f.object(bytes), bytes);
  f.s3.lie([](const SeenRequest& request) {
    return holds(request, "objects/") ? std::optional(denied()) : std::nullopt;
  });
  CHECK(failure([&] { f.pull(*store, bytes); }).substr(0, 13) == "unauthorized:");
  CHECK(files_in(f.folder / "cache/transfers") == 0);
}

TEST_CASE("remote store: a part whose answer went wrong after its last byte is asked for again") {
  RemoteFixture f;
  const auto store = f.create();
  const std::string bytes = noise(2 * kPart + kPart / 2);
  f.s3.set(f.object(bytes), bytes);
  std::atomic<int> lies{0};
  f.s3.lie([&](const SeenRequest& request) -> std::optional<ScriptedAnswer> {
    const std::string range = http::find_field(request.headers, "range").value_or("");
    if (range != "bytes=65536-131071" || lies++ > 0) return std::nullopt;
    return ScriptedAnswer{.status = 206,
                          .headers = {{"content-range", "bytes 65536-131071/163840"}},
                          .body = bytes.substr(kPart, kPart) + "and more",
                          .content_length = kPart};
  });
  std::int64_t arrived = 0;
  const ObjectCache cache(f.folder / "cache", Stamps());
  TransferOptions options;
  options.progress = [&](std::int64_t so_far) { arrived = so_far; };
  const auto size = static_cast<std::int64_t>(bytes.size());
  CHECK((read(cache.get(*store, Digest::of(bytes), size, options)) == bytes));
  CHECK(lies == 2);
  CHECK(arrived <= size);
}

TEST_CASE("remote store: a server that knows no ranges is read in one piece") {
  RemoteFixture f;
  const auto store = f.create();
  const std::string bytes = noise(2 * kPart + kPart / 2);
  f.s3.lie([&](const SeenRequest& request) -> std::optional<ScriptedAnswer> {
    if (request.method != "GET" || !holds(request, "objects/")) return std::nullopt;
    ScriptedAnswer all;
    all.body = bytes;
    return all;
  });
  CHECK((f.pull(*store, bytes) == bytes));
}

}  // namespace algoctl::test
