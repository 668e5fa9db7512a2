#include "store/remote/remote_store.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>

#include "support/conformance.h"
#include "unit/core/failure.h"
#include "unit/store/remote/remote_fixture.h"

namespace algoctl::test {
namespace {

/// More bytes than are moved at once: a part of an upload has up to four usual ones.
std::string many_parts_up() { return noise((kManyParts - 1) * 4 * kPart + kPart / 2); }

/// Refuses the last part of them, which begins when one of the others is done.
std::optional<ScriptedAnswer> deny_last_part(const SeenRequest& request) {
  return holds(request, "partNumber=17") ? std::optional(denied()) : std::nullopt;
}

/// How often each of these parts was sent so far: a slow machine may have made a try send one
/// twice.
std::vector<int> times_sent(const PlayedS3& s3, const std::vector<int>& parts) {
  std::vector<int> times;
  for (const int number : parts) {
    times.push_back(s3.count("PUT", "partNumber=" + std::to_string(number) + "&"));
  }
  return times;
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
  for (const int status : {501, 400}) {
    CAPTURE(status);
    RemoteFixture f;
    f.s3.lie([status](const SeenRequest& request) -> std::optional<ScriptedAnswer> {
      if (!http::find_field(request.headers, "if-none-match")) return std::nullopt;
      ScriptedAnswer answer;
      answer.status = status;
      return answer;
    });
    CHECK(f.create()->owner() == "owner-1");
  }
}

TEST_CASE("remote store: an upload that failed goes on with the parts that are missing") {
  RemoteFixture f;
  const auto store = f.create();
  const std::string bytes = many_parts_up();
  f.s3.lie(deny_last_part);
  CHECK(failure([&] { f.put(*store, bytes); }) ==
        "unauthorized: s3://bucket/prefix: no permission for s3:PutObject | grant it to the key "
        "that is used, or use another key");
  const std::vector<int> known = journaled(f.folder / "scratch");
  CHECK(!known.empty());
  CHECK(f.s3.open_uploads() == 1);
  CHECK(store->staged().size() == 1);
  const std::vector<int> before = times_sent(f.s3, known);
  f.s3.lie({});
  CHECK(f.put(*store, bytes).created);
  CHECK(times_sent(f.s3, known) == before);
  CHECK(f.s3.open_uploads() == 0);
  CHECK((f.s3.objects()[f.object(bytes)] == bytes));
  CHECK(files_in(f.folder / "scratch") == 0);
}

TEST_CASE("remote store: parts that the server lost, or has otherwise, are sent again") {
  RemoteFixture f;
  const auto store = f.create();
  const std::string bytes = many_parts_up();
  f.s3.lie(deny_last_part);
  CHECK_THROWS(f.put(*store, bytes));
  const std::vector<int> known = journaled(f.folder / "scratch");
  CHECK(!known.empty());
  const std::vector<int> before = times_sent(f.s3, known);
  f.s3.lie([](const SeenRequest& request) -> std::optional<ScriptedAnswer> {
    if (request.method != "GET" || !holds(request, "uploadId")) return std::nullopt;
    ScriptedAnswer list;
    list.body =
        "<ListPartsResult><Part><PartNumber>1</PartNumber><Size>262144</Size>"
        "<ETag>\"other\"</ETag></Part></ListPartsResult>";
    return list;
  });
  CHECK(f.put(*store, bytes).created);
  const std::vector<int> after = times_sent(f.s3, known);
  for (std::size_t i = 0; i < known.size(); ++i) CHECK(after[i] > before[i]);
  CHECK((f.s3.objects()[f.object(bytes)] == bytes));
}

TEST_CASE("remote store: what an upload left behind goes when somebody else completed the object") {
  RemoteFixture f;
  const auto store = f.create();
  const std::string bytes = many_parts_up();
  f.s3.lie(deny_last_part);
  CHECK_THROWS(f.put(*store, bytes));
  f.s3.lie({});
  CHECK(f.s3.open_uploads() == 1);
  CHECK(files_in(f.folder / "scratch") == 1);
  f.s3.set_as_sent(f.object(bytes), bytes);
  CHECK(!f.put(*store, bytes).created);
  CHECK(f.s3.open_uploads() == 0);
  CHECK(files_in(f.folder / "scratch") == 0);
}

TEST_CASE("remote store: a file that changed while it was sent is sent again, all of it") {
  RemoteFixture f;
  const auto store = f.create();
  for (const std::size_t size : {std::size_t{1000}, 2 * kPart + kPart / 2}) {
    CAPTURE(size);
    const std::string bytes = noise(size);
    std::atomic<int> puts{0};
    f.s3.lie([&](const SeenRequest& request) -> std::optional<ScriptedAnswer> {
      if (request.method == "PUT" && puts++ == 0) f.folder.write("model.bin", noise(size, 2));
      return std::nullopt;
    });
    // The server may have found out, too, of the parts that were read after that.
    CHECK(failure([&] { f.put(*store, bytes); }).substr(0, 8) == "storage:");
    const int before = puts;
    CHECK(f.put(*store, bytes).created);
    // First as if nothing were there; then in spite of what is.
    CHECK(puts - before == (size == 1000 ? 2 : 3));
    CHECK(!f.put(*store, bytes).created);
    CHECK((f.s3.objects()[f.object(bytes)] == bytes));
  }
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
