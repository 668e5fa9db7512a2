#include <doctest/doctest.h>

#include <filesystem>
#include <thread>

#include "unit/client/shelf.h"
#include "unit/core/failure.h"

using namespace algoctl;
using test::failure;
using test::Shelf;

namespace {

ReleaseOptions releasing(Shelf& shelf, const std::string& bytes) {
  ReleaseOptions release;
  release.upload.manifest = shelf.manifest;
  release.upload.files = {{shelf.folder.write("in/model.pkl", bytes), std::nullopt}};
  return release;
}

}  // namespace

TEST_CASE("release: one step, and again it finds itself") {
  Shelf shelf;
  const ReleaseOptions january = releasing(shelf, "january");
  CHECK(shelf.client.release(january).published.version.str() == "1.0.0");
  CHECK_FALSE(shelf.client.release(january).published.created);
}

TEST_CASE("release: a label that is taken gets another name with the digest in it") {
  Shelf shelf;
  shelf.client.release(releasing(shelf, "january"));
  const ReleaseResult result = shelf.client.release(releasing(shelf, "february"));
  const std::string label = "model-" + Digest::of("february").hex().substr(0, 12) + ".pkl";
  CHECK(result.files.at(0).label.str() == label);
  CHECK(result.published.version.str() == "1.1.0");
  CHECK(shelf.client.require_label(shelf.name, Label::parse("model.pkl")).sha256 ==
        Digest::of("january"));
}

TEST_CASE("release: the gate sees verified files and keeps everything back when it throws") {
  Shelf shelf;
  ReleaseOptions release = releasing(shelf, "january");
  std::string seen;
  release.gate = [&](const std::vector<VerifiedFile>& files) {
    seen = files.at(0).slot.str() + ":" + test::read(files.at(0).path);
    throw Error(Code::check_failed, "not good enough");
  };
  CHECK(failure([&] { shelf.client.release(release); }) == "check_failed: not good enough");
  CHECK(seen == "model:january");
  CHECK(shelf.client.labels(shelf.name).empty());
  CHECK_FALSE(shelf.client.resolve(shelf.ref("latest")));
  release.gate = {};
  CHECK(shelf.client.release(release).published.created);
}

TEST_CASE("release: from a version writes no manifest, and an older one gets its own line") {
  Shelf shelf;
  shelf.ship("january");
  shelf.ship("february");
  const std::string before = test::read(shelf.manifest);
  struct Case {
    const char* from;
    const char* bytes;
    const char* want;
  };
  for (const Case& c :
       {Case{"latest", "march", "1.2.0"}, Case{"1.0.0", "january fixed", "1.0.1"},
        Case{"@^1", "april", "1.3.0"}, Case{"acme/sentiment@1.0", "again", "1.0.2"}}) {
    CAPTURE(c.from);
    ReleaseOptions release = releasing(shelf, c.bytes);
    release.from = c.from;
    CHECK(shelf.client.release(release).published.version.str() == c.want);
    CHECK(test::read(shelf.manifest) == before);
  }
  ReleaseOptions other = releasing(shelf, "may");
  other.from = "acme/other@1";
  CHECK(failure([&] { shelf.client.release(other); }).substr(0, 34) ==
        "usage: --from 'acme/other@1' is no");
}

TEST_CASE("release: a key stands for the files and the start, whatever was published since") {
  Shelf shelf;
  shelf.ship("january");
  ReleaseOptions release = releasing(shelf, "february");
  release.from = "latest";
  release.publish.idempotency_key = "run-7";
  CHECK(shelf.client.release(release).published.version.str() == "1.1.0");
  shelf.ship("march");
  int gates = 0;
  release.gate = [&](const std::vector<VerifiedFile>&) { ++gates; };
  const ReleaseResult again = shelf.client.release(release);
  CHECK(again.published.version.str() == "1.1.0");
  CHECK(again.published.created);
  CHECK(gates == 0);
  ReleaseOptions changed = releasing(shelf, "other bytes");
  changed.from = "latest";
  changed.publish.idempotency_key = "run-7";
  CHECK(failure([&] { shelf.client.release(changed); }).substr(0, 9) == "conflict:");
}

TEST_CASE("release: a version that comes while the gate looks at one from the newest") {
  Shelf shelf;
  shelf.upload("old tokens", "old.json", "tokenizer");
  shelf.ship("january");
  ReleaseOptions release = releasing(shelf, "february");
  release.upload.files.at(0).slot = Slot::parse("model");
  release.from = "latest";
  release.gate = [&](const std::vector<VerifiedFile>&) {
    shelf.upload("new tokens", "new.json", "tokenizer");
    shelf.client.publish(shelf.publishing());
  };
  CHECK(failure([&] { shelf.client.release(release); }) ==
        "conflict: another version was published meanwhile: 1.1.0 has other bytes in slot "
        "'tokenizer', which did not change here | run it again, or override with --force");
  CHECK(shelf.client.labels(shelf.name).size() == 3);
  release.gate = {};
  CHECK(shelf.client.release(release).published.version.str() == "1.2.0");
}

TEST_CASE("release: eight at once in one folder, each its own slot") {
  Shelf shelf;
  constexpr int kSlots = 8;
  const auto slot = [](int i) { return "slot" + std::to_string(i); };
  for (int i = 0; i < kSlots; ++i) shelf.upload("old" + slot(i), "old" + slot(i), slot(i));
  shelf.client.publish(shelf.publishing());
  std::vector<std::string> failures(kSlots);
  std::vector<std::thread> threads;
  for (int i = 0; i < kSlots; ++i) {
    threads.emplace_back([&, i] {
      Client client(shelf.options());
      ReleaseOptions release;
      release.upload.manifest = shelf.manifest;
      release.upload.files = {{shelf.folder.write("in/" + slot(i), slot(i)), Slot::parse(slot(i))}};
      failures[static_cast<std::size_t>(i)] = failure([&] { client.release(release); });
    });
  }
  for (auto& thread : threads) thread.join();
  CHECK(failures == std::vector<std::string>(kSlots, "nothing"));
  const auto newest = shelf.client.resolve(shelf.ref("latest"));
  CHECK(newest->version.str() == "1.8.0");
  const std::string published = shelf.client.manifest_bytes(newest->manifest_sha256);
  for (const ModelFile& model : Manifest::parse(published, "m").models) {
    CHECK(model.label.str() == model.slot.str());
  }
}

TEST_CASE("release: a dry run says the number and stores nothing") {
  Shelf shelf;
  ReleaseOptions release = releasing(shelf, "january");
  release.publish.dry_run = true;
  const ReleaseResult result = shelf.client.release(release);
  CHECK(result.published.version.str() == "1.0.0");
  CHECK(result.published.created);
  CHECK(result.files.at(0).stored);
  CHECK(shelf.client.labels(shelf.name).empty());
  CHECK(std::filesystem::is_empty(shelf.folder / "home/store/objects/sha256"));
}

TEST_CASE("upload: labels, slots and what is refused before anything is stored") {
  Shelf shelf;
  const UploadedFile first = shelf.upload("january", "model.pkl");
  CHECK(first.stored);
  CHECK(first.uri == "data://acme/sentiment/model.pkl");
  CHECK_FALSE(shelf.upload("january", "model.pkl").stored);
  CHECK(failure([&] { shelf.upload("february", "model.pkl"); }) ==
        "conflict: label 'model.pkl' already names other bytes\n  stored: " +
            Digest::of("january").str() +
            " (2019-02-28T00:00:00.000Z)\n  yours:  " + Digest::of("february").str() +
            " | choose a new label with --as, or move this one with --replace");
  CHECK_FALSE(std::filesystem::exists(shelf.folder / ("home/store/objects/sha256/" +
                                                      Digest::of("february").hex().substr(0, 2) +
                                                      "/" + Digest::of("february").hex())));
  UploadOptions expecting;
  expecting.manifest = shelf.manifest;
  expecting.files = {{shelf.folder.write("in/model.pkl", "february"), std::nullopt}};
  expecting.replace = true;
  expecting.expect = ExpectedObject::parse("none");
  CHECK(failure([&] { shelf.client.upload(expecting); }).substr(0, 63) ==
        "conflict: label 'model.pkl' does not name what was expected\n  e");
  CHECK_FALSE(std::filesystem::exists(
      shelf.folder / ("home/store/objects/sha256/" + Digest::of("february").hex().substr(0, 2))));
  expecting.expect = ExpectedObject::parse(Digest::of("january").str());
  CHECK(shelf.client.upload(expecting).files.at(0).sha256 == Digest::of("february"));
  CHECK_NOTHROW(shelf.client.upload(expecting));
}

TEST_CASE("init: the manifest of another algorithm is left alone") {
  Shelf shelf;
  const std::string before = test::read(shelf.manifest);
  CHECK(shelf.client.init(shelf.name, shelf.folder / "work") == shelf.manifest);
  CHECK(test::read(shelf.manifest) == before);
  CHECK(
      failure([&] { shelf.client.init(Algorithm::parse("acme/other"), shelf.folder / "work"); }) ==
      "conflict: '" + shelf.manifest +
          "' belongs to another algorithm\n  there: acme/sentiment\n  yours: acme/other | choose "
          "another folder with --dir");
  CHECK(failure([&] {
          shelf.client.init(Algorithm::parse("acme/senti-ment"), shelf.folder / "new");
        }) == "nothing");
  CHECK(failure([&] {
          shelf.client.init(Algorithm::parse("acme/senti_ment"), shelf.folder / "newer");
        }).substr(0, 9) == "conflict:");
  shelf.ship("january");
  const std::string copy = shelf.client.init(shelf.name, shelf.folder / "second");
  CHECK(Manifest::parse(test::read(copy), "m").version->str() == "1.0.0");
  CHECK(Manifest::parse(test::read(copy), "m").models.size() == 1);
}
