#include "store/remote/remote_store.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <filesystem>

#include "store/object_cache.h"
#include "support/conformance.h"
#include "support/temporary_folder.h"
#include "unit/core/failure.h"
#include "unit/store/remote/small_parts.h"
#include "unit/store/store_fixture.h"

namespace algoctl::test {
namespace {

/// A store on a played server, which does not wait between tries.
class RemoteFixture {
 public:
  std::unique_ptr<RemoteStore> open() { return RemoteStore::open(talk(), local()); }
  std::unique_ptr<RemoteStore> create(const std::string& owner = "owner-1") {
    return RemoteStore::create(talk(), owner, local());
  }

  std::unique_ptr<Conversation> talk() { return talk_in_small_parts(s3, "prefix"); }
  [[nodiscard]] RemoteStore::Local local() const {
    return {folder / "scratch", Stamps(folder / "cache")};
  }

  /// What puts other bytes where an object is, as another program would.
  std::function<void(const Digest&, const std::string&)> overwriting() {
    return [this](const Digest& object, const std::string& bytes) {
      s3.set("prefix/" + object_key(object), bytes);
    };
  }

  Stored put(Store& store, const std::string& bytes) {
    return put_file(store, folder.write("model.bin", bytes), "upload");
  }
  std::string object(const std::string& bytes) { return "prefix/" + object_key(Digest::of(bytes)); }
  std::string pull(const Store& store, const std::string& bytes) {
    const ObjectCache cache(folder / "cache", Stamps());
    return read(cache.get(store, Digest::of(bytes), static_cast<std::int64_t>(bytes.size()), {}));
  }

  TemporaryFolder folder;
  PlayedS3 s3;
};

/// The numbers of the parts that journals below a folder know of.
std::vector<int> journaled(const std::string& folder) {
  std::vector<int> parts;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (name.find(".up") == std::string::npos && name.find(".journal") == std::string::npos) {
      continue;
    }
    const std::string text = read(entry.path().string());
    for (std::size_t at = 0; (at = text.find("\"part\":", at)) != std::string::npos; ++at) {
      parts.push_back(std::stoi(text.substr(at + 7)));
    }
  }
  return parts;
}

std::string part_target(int number) { return "partNumber=" + std::to_string(number) + "&"; }

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

bool holds(const SeenRequest& request, const std::string& part) {
  return request.target.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("remote store: does what every store does") {
  RemoteFixture f;
  f.create();
  check_conformance([&] { return f.open(); }, f.folder.path(), kPart, f.overwriting());
}

TEST_CASE("remote store: does so where lists come in pages") {
  RemoteFixture f;
  f.s3.page_size = 2;
  f.create();
  check_conformance([&] { return f.open(); }, f.folder.path(), kPart, f.overwriting());
}

TEST_CASE("remote store: does so where conditions are said in Google's words") {
  RemoteFixture f;
  f.s3.is_google = true;
  f.create();
  CHECK(f.create("owner-2")->owner() == "owner-1");
  check_conformance([&] { return f.open(); }, f.folder.path(), kPart, f.overwriting());
  CHECK(f.s3.count("PUT", "") > 0);
  for (const SeenRequest& request : f.s3.server().requests()) {
    CHECK(!http::find_field(request.headers, "if-none-match"));
  }
}

TEST_CASE("remote store: where there is no marker there is no store") {
  RemoteFixture f;
  CHECK(failure([&] { f.open(); }) ==
        "storage: there is no store at s3://bucket/prefix: it has no store.json | look at the URL; "
        "`algoctl init --store URL` makes one");
  f.s3.set("prefix/store.json", "{}");
  CHECK(failure([&] { f.open(); }) ==
        "storage: s3://bucket/prefix: store.json is not the marker of a store: its schema is "
        "'' | bring it back from a copy: it names the store");
}

TEST_CASE("remote store: a bucket that is gone is never a store that is empty") {
  RemoteFixture f;
  const auto store = f.create();
  f.s3.lie([](const SeenRequest& request) {
    ScriptedAnswer gone;
    gone.status = 404;
    if (request.method != "HEAD") gone.body = "<Error><Code>NoSuchBucket</Code></Error>";
    return gone;
  });
  CHECK(failure([&] { static_cast<void>(store->has(Digest::of("x"), 1)); }) ==
        "storage: s3://bucket/prefix: there is no such bucket | make it first, or look at the name "
        "and the endpoint");
}

TEST_CASE("remote store: of two that make it, both get the marker that was first") {
  RemoteFixture f;
  const auto first = f.create("owner-1");
  const auto second = f.create("owner-2");
  CHECK(second->id() == first->id());
  CHECK(second->owner() == "owner-1");
}

TEST_CASE(
    "remote store: a server that cannot create only what is new gets the marker all the same") {
  RemoteFixture f;
  f.s3.lie([](const SeenRequest& request) -> std::optional<ScriptedAnswer> {
    if (!http::find_field(request.headers, "if-none-match")) return std::nullopt;
    ScriptedAnswer answer;
    answer.status = 501;
    return answer;
  });
  CHECK(f.create()->owner() == "owner-1");
}

TEST_CASE("remote store: an upload that failed goes on with the parts that are missing") {
  RemoteFixture f;
  const auto store = f.create();
  const std::string bytes = noise(4 * kPart + kPart / 2);
  f.s3.lie([](const SeenRequest& request) {
    return holds(request, "partNumber=5") ? std::optional(denied()) : std::nullopt;
  });
  CHECK(failure([&] { f.put(*store, bytes); }) ==
        "unauthorized: s3://bucket/prefix: no permission for s3:PutObject | grant it to the key "
        "that is used, or use another key");
  // The fifth begins when one of four is done.
  const std::vector<int> known = journaled(f.folder / "scratch");
  CHECK(!known.empty());
  CHECK(f.s3.open_uploads() == 1);
  CHECK(store->staged().size() == 1);
  f.s3.lie({});
  CHECK(f.put(*store, bytes).created);
  for (const int number : known) CHECK(f.s3.count("PUT", part_target(number)) == 1);
  CHECK(f.s3.open_uploads() == 0);
  CHECK((f.s3.objects()[f.object(bytes)] == bytes));
  CHECK(files_in(f.folder / "scratch") == 0);
}

TEST_CASE("remote store: parts that the server lost, or has otherwise, are sent again") {
  RemoteFixture f;
  const auto store = f.create();
  const std::string bytes = noise(2 * kPart + kPart / 2);
  f.s3.lie([](const SeenRequest& request) {
    return holds(request, "partNumber=3") ? std::optional(denied()) : std::nullopt;
  });
  CHECK_THROWS(f.put(*store, bytes));
  const std::vector<int> known = journaled(f.folder / "scratch");
  f.s3.lie([](const SeenRequest& request) -> std::optional<ScriptedAnswer> {
    if (request.method != "GET" || !holds(request, "uploadId")) return std::nullopt;
    ScriptedAnswer list;
    list.body =
        "<ListPartsResult><Part><PartNumber>1</PartNumber><Size>65536</Size>"
        "<ETag>\"other\"</ETag></Part></ListPartsResult>";
    return list;
  });
  CHECK(f.put(*store, bytes).created);
  for (const int number : known) CHECK(f.s3.count("PUT", part_target(number)) == 2);
  CHECK((f.s3.objects()[f.object(bytes)] == bytes));
}

TEST_CASE("remote store: an upload that the server knows no more begins anew") {
  RemoteFixture f;
  const auto store = f.create();
  const std::string bytes = noise(kPart + kPart / 4);
  f.s3.lie([](const SeenRequest& request) {
    return holds(request, "partNumber=2") ? std::optional(denied()) : std::nullopt;
  });
  CHECK_THROWS(f.put(*store, bytes));
  f.s3.lie({});
  for (const Store::Staged& left : store->staged()) store->discard(left.upload_id);
  CHECK(f.s3.open_uploads() == 0);
  CHECK(f.put(*store, bytes).created);
  CHECK((f.s3.objects()[f.object(bytes)] == bytes));
}

TEST_CASE("remote store: a completion whose answer was lost is found to be done") {
  RemoteFixture f;
  const auto store = f.create();
  f.s3.lost_answers = 1;
  const std::string bytes = noise(kPart + kPart / 4);
  CHECK(f.put(*store, bytes).created);
  CHECK((f.s3.objects()[f.object(bytes)] == bytes));
}

TEST_CASE("remote store: a 200 with an error inside is no success") {
  RemoteFixture f;
  const auto store = f.create();
  const std::string bytes = noise(kPart + kPart / 4);
  std::atomic<int> times{1};
  const auto refuse = [&](const std::string& code) {
    f.s3.lie([&times, code](const SeenRequest& request) -> std::optional<ScriptedAnswer> {
      if (request.method != "POST" || !holds(request, "uploadId") || times-- <= 0) {
        return std::nullopt;
      }
      ScriptedAnswer answer;
      answer.body = "<Error><Code>" + code + "</Code><Message>try later</Message></Error>";
      return answer;
    });
  };
  refuse("InternalError");
  CHECK(f.put(*store, bytes).created);

  const std::string others = noise(kPart + kPart / 4, 2);
  times = 1;
  refuse("InvalidPart");
  CHECK(
      failure([&] { f.put(*store, others); }) ==
      "storage: s3://bucket/prefix: the parts were refused: InvalidPart: try later | run it again: "
      "all parts are sent anew");
  CHECK(f.s3.objects().count(f.object(others)) == 0);
  CHECK(f.put(*store, others).created);
}

TEST_CASE("remote store: a file that changes while it is sent is not stored under its old name") {
  RemoteFixture f;
  const auto store = f.create();
  const std::string bytes = noise(kPart + kPart / 4);
  const std::string path = f.folder.write("model.bin", bytes);
  f.s3.lie([&](const SeenRequest& request) -> std::optional<ScriptedAnswer> {
    if (holds(request, "uploads=")) f.folder.write("model.bin", noise(kPart + kPart / 4, 2));
    return std::nullopt;
  });
  CHECK_THROWS(put_file(*store, path, "upload"));
  CHECK(f.s3.objects().count(f.object(bytes)) == 0);
}

TEST_CASE("remote store: a download that failed goes on with the parts that are missing") {
  RemoteFixture f;
  const auto store = f.create();
  const std::string bytes = noise(4 * kPart + kPart / 2);
  f.s3.set(f.object(bytes), bytes);
  const auto is_last = [](const SeenRequest& request) {
    return http::find_field(request.headers, "range") == "bytes=262144-294911";
  };
  f.s3.lie([&](const SeenRequest& request) {
    return is_last(request) ? std::optional(denied()) : std::nullopt;
  });
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
  CHECK(found({{"content-range", "bytes */163840"}}) == expected + "131072 bytes");
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

TEST_CASE("remote store: a server that never succeeds is given up when the timeout is over") {
  RemoteFixture f;
  f.s3.lie([](const SeenRequest&) {
    ScriptedAnswer busy;
    busy.status = 503;
    return busy;
  });
  S3Place place;
  place.url = "s3://bucket";
  place.endpoint = f.s3.server().origin();
  place.bucket = "bucket";
  http::LoopOptions options;
  options.timeout = std::chrono::milliseconds(1);  // the first pause is 200 at most
  const Conversation talk(
      std::make_unique<S3Bucket>(place, nullptr, [] { return std::int64_t{0}; }), options);
  CHECK_THROWS_AS(talk.ask([&] { return talk.bucket().get("key"); }), Error);
  CHECK(f.s3.count("GET", "key") < http::RetryOptions().tries);
}

TEST_CASE("remote store: what nobody else is to see does not show") {
  RemoteFixture f;
  const auto store = f.create();
  CHECK(store->url() == "s3://bucket/prefix");
  CHECK(!store->is_local());
  CHECK(!store->local_path(Digest::of("x")));
}

}  // namespace algoctl::test
