#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>

#include "algoctl/stores.h"
#include "support/played_s3.h"
#include "unit/client/shelf.h"
#include "unit/core/failure.h"

using namespace algoctl;
using test::failure;
using test::Shelf;

namespace {

const Slot kModel = Slot::parse("model");

/// A shelf beside somebody's bucket, in which `models/m.pkl` is.
struct Outside : Shelf {
  Outside() { s3.set("models/m.pkl", "january"); }

  [[nodiscard]] std::string url(const std::string& key = "m.pkl") const {
    return "s3://bucket/models/" + key + "?credentials=none&endpoint=" + s3.server().origin();
  }

  UploadedFile refer(bool copy = false, const std::string& label = "") {
    UploadOptions upload;
    upload.files = {{url(), kModel}};
    upload.label = label;
    upload.copy = copy;
    upload.manifest = manifest;
    return client.upload(upload).files.at(0);
  }

  PublishResult publish_allowed() {
    PublishOptions publish = publishing();
    publish.allow_external = true;
    return client.publish(publish);
  }

  std::string pull() { return test::read(client.pull(ref("1")).files.at(0).path); }

  std::string faults(VerifyOptions options = {}) {
    std::string text;
    client.verify(options, [&](const Fault& fault) {
      text += fault.kind + (fault.mended ? " mended\n" : "\n") + fault.detail + "\n";
    });
    return text;
  }

  [[nodiscard]] std::string store() const { return folder / "home/store/objects/sha256"; }
  [[nodiscard]] bool stores(const std::string& bytes) const {
    const std::string hex = Digest::of(bytes).hex();
    return std::filesystem::exists(store() + "/" + hex.substr(0, 2) + "/" + hex);
  }
  [[nodiscard]] std::string mend() const {
    return " | bring those bytes back, or upload a copy of them from anywhere: the same bytes "
           "mend it";
  }
  [[nodiscard]] std::string other_bytes(const std::string& now) const {
    return url() +
           " holds other bytes than were recorded\n  recorded: " + Digest::of("january").str() +
           "\n  now:      " + Digest::of(now).str();
  }

  test::PlayedS3 s3;
};

}  // namespace

TEST_CASE("external: an upload records label, size and digest, and copies nothing") {
  Outside shelf;
  const UploadedFile file = shelf.refer();
  CHECK(file.label.str() == "m.pkl");
  CHECK(file.sha256 == Digest::of("january"));
  CHECK(file.size == 7);
  CHECK_FALSE(file.stored);
  CHECK(file.external == shelf.url());
  CHECK_FALSE(shelf.stores("january"));
  CHECK(shelf.s3.count("PUT", "") == 0);
  CHECK(test::read(shelf.manifest).find(shelf.url()) == std::string::npos);
  CHECK(shelf.refer().external == shelf.url());
  CHECK(shelf.refer(false, "{stem}-{sha}{ext}").label.str() ==
        "m-" + Digest::of("january").hex().substr(0, 12) + ".pkl");
}

TEST_CASE("external: a label that names other bytes is not taken over") {
  Outside shelf;
  shelf.upload("february", "m.pkl");
  CHECK(failure([&] { shelf.refer(); }).substr(0, 45) ==
        "conflict: label 'm.pkl' already names other b");
  CHECK(shelf.client.require_label(shelf.name, Label::parse("m.pkl")).sha256 ==
        Digest::of("february"));
}

TEST_CASE("external: publishing needs leave, and says whose the bytes are") {
  Outside shelf;
  shelf.refer();
  CHECK(failure([&] { shelf.client.publish(shelf.publishing()); }) ==
        "conflict: slot 'model' stays at " + shelf.url() +
            ", where others may change or remove it | allow it with --allow-external, or store "
            "the bytes: `algoctl upload --copy URL`");
  const PublishResult result = shelf.publish_allowed();
  CHECK(result.version.str() == "1.0.0");
  CHECK(result.warnings ==
        std::vector<std::string>{"slot 'model' stays at " + shelf.url() +
                                 ": that this version never changes rests on whoever owns that "
                                 "place"});
  CHECK(shelf.pull() == "january");
  PullOptions copy;
  copy.into = shelf.folder / "out";
  CHECK(test::read(shelf.client.pull(shelf.ref("1"), copy).files.at(0).path) == "january");
  CHECK_FALSE(shelf.stores("january"));
}

TEST_CASE("external: a later change is found by pull, never served") {
  Outside shelf;
  shelf.refer();
  shelf.publish_allowed();
  const auto pull = [&] { return failure([&] { shelf.pull(); }); };
  shelf.s3.set("models/m.pkl", "JANUARY");
  CHECK(pull() == "integrity: label 'm.pkl': " + shelf.other_bytes("JANUARY") + shelf.mend());
  shelf.s3.set("models/m.pkl", "february");
  CHECK(pull() == "integrity: label 'm.pkl': " + shelf.other_bytes("february") + shelf.mend());
  shelf.s3.remove("models/m.pkl");
  CHECK(pull() == "integrity: label 'm.pkl': " + shelf.url() + " is not there any more: it held " +
                      Digest::of("january").str() + shelf.mend());
  shelf.s3.set("models/m.pkl", "january");
  CHECK(shelf.pull() == "january");
}

TEST_CASE("external: the store comes first once it has the bytes") {
  Outside shelf;
  shelf.refer();
  shelf.publish_allowed();
  SUBCASE("copied from there") {
    const UploadedFile file = shelf.refer(true);
    CHECK(file.stored);
    CHECK_FALSE(file.external);
  }
  SUBCASE("uploaded from elsewhere") { shelf.upload("january", "m.pkl"); }
  CHECK(shelf.stores("january"));
  shelf.s3.remove("models/m.pkl");
  CHECK(shelf.pull() == "january");
  CHECK(shelf.client.publish(shelf.publishing()).warnings.empty());
  CHECK(shelf.faults() == "");
}

TEST_CASE("external: another place with the same bytes is asked when one fails") {
  Outside shelf;
  shelf.refer();
  shelf.publish_allowed();
  shelf.s3.set("models/z.pkl", "january");
  UploadOptions again;
  again.files = {{shelf.url("z.pkl"), kModel}};
  again.label = "m.pkl";
  again.manifest = shelf.manifest;
  shelf.client.upload(again);
  shelf.s3.set("models/m.pkl", "changed");
  CHECK(shelf.pull() == "january");
}

TEST_CASE("external: verify reads them there, and mends from a copy") {
  Outside shelf;
  shelf.refer();
  shelf.publish_allowed();
  CHECK(shelf.faults() == "");
  shelf.s3.set("models/m.pkl", "changed");
  CHECK(shelf.faults() == "external-changed\n" + shelf.other_bytes("changed") + "\n");
  VerifyOptions one;
  one.reference = shelf.ref("1");
  CHECK(shelf.faults(one) == "external-changed\n" + shelf.other_bytes("changed") + "\n");
  Shelf other;
  other.ship("january");
  VerifyOptions repair;
  repair.repair = true;
  repair.from = other.folder / "home/store";
  CHECK(shelf.faults(repair) == "external-changed mended\n" + shelf.other_bytes("changed") + "\n");
  CHECK(shelf.faults() == "");
  CHECK(shelf.pull() == "january");
}

TEST_CASE("external: gc frees nothing of theirs") {
  Outside shelf;
  shelf.refer();
  shelf.publish_allowed();
  GcOptions now;
  now.grace = std::chrono::milliseconds(0);
  shelf.client.gc(now, [](const GcItem& item) { FAIL_CHECK(item.name); });
  CHECK(shelf.s3.count("DELETE", "") == 0);
  CHECK(shelf.pull() == "january");
}

TEST_CASE("external: an export holds the bytes, and an import stores them") {
  Outside shelf;
  shelf.refer();
  shelf.publish_allowed();
  ExportOptions out;
  out.all = true;
  out.file = shelf.folder / "x.tar";
  out.dry_run = true;
  CHECK(shelf.client.export_archive(out).written);
  out.dry_run = false;
  shelf.client.export_archive(out);
  Outside there;
  there.client.import_archive({out.file, std::nullopt, false});
  CHECK(there.stores("january"));
  CHECK(there.pull() == "january");
  shelf.s3.set("models/m.pkl", "changed");
  out.file = shelf.folder / "y.tar";
  CHECK(failure([&] { shelf.client.export_archive(out); }) ==
        "integrity: " + shelf.other_bytes("changed") + shelf.mend());
}

TEST_CASE(
    "external: a release in place is refused before anything is read, or gated and published") {
  Outside shelf;
  ReleaseOptions release;
  release.upload.files = {{shelf.url(), kModel}};
  release.upload.manifest = shelf.manifest;
  release.publish.manifest = shelf.manifest;
  std::string gated;
  release.gate = [&](const std::vector<VerifiedFile>& files) {
    gated = test::read(files.at(0).path);
  };
  for (const bool dry : {true, false}) {
    release.publish.dry_run = release.upload.dry_run = dry;
    CHECK(failure([&] { shelf.client.release(release); }).substr(0, 32) ==
          "conflict: slot 'model' stays at ");
  }
  CHECK(shelf.s3.server().requests().empty());
  SUBCASE("in place") {
    release.publish.allow_external = true;
    const ReleaseResult result = shelf.client.release(release);
    CHECK(result.files.at(0).external == shelf.url());
    CHECK(result.published.warnings.size() == 1);
  }
  SUBCASE("copied") {
    release.upload.copy = true;
    CHECK(shelf.client.release(release).published.warnings.empty());
    CHECK(shelf.stores("january"));
  }
  CHECK(gated == "january");
  CHECK(shelf.pull() == "january");
}

TEST_CASE("external: a dry run reads, and writes nothing") {
  Outside shelf;
  UploadOptions upload;
  upload.files = {{shelf.url(), kModel}};
  upload.manifest = shelf.manifest;
  upload.dry_run = true;
  const std::string before = test::read(shelf.manifest);
  CHECK(shelf.client.upload(upload).files.at(0).external == shelf.url());
  upload.copy = true;
  const UploadedFile copied = shelf.client.upload(upload).files.at(0);
  CHECK(copied.stored);
  CHECK_FALSE(copied.external);
  CHECK(test::read(shelf.manifest) == before);
  CHECK_FALSE(shelf.stores("january"));
}

TEST_CASE("external: one upload brings a file and refers to an object, also of the same bytes") {
  Outside shelf;
  UploadOptions upload;
  upload.files = {{shelf.url(), Slot::parse("outside")},
                  {shelf.folder.write("in/f.pkl", "february"), Slot::parse("here")},
                  {shelf.folder.write("in/j.pkl", "january"), Slot::parse("both")}};
  upload.manifest = shelf.manifest;
  for (const bool dry_run : {true, false}) {
    CAPTURE(dry_run);
    upload.dry_run = dry_run;
    const auto files = shelf.client.upload(upload).files;
    CHECK(files.at(0).external == shelf.url());
    CHECK_FALSE(files.at(0).stored);
    CHECK(files.at(1).stored);
    CHECK(files.at(2).stored);
    CHECK_FALSE(files.at(2).external);
  }
  CHECK(shelf.client.publish(shelf.publishing()).warnings.empty());
  shelf.s3.remove("models/m.pkl");
  CHECK(shelf.client.pull(shelf.ref("1")).files.size() == 3);
}

TEST_CASE("external: a pull copies what is here beside what stays outside") {
  Outside shelf;
  UploadOptions upload;
  upload.files = {{shelf.url(), kModel},
                  {shelf.folder.write("in/f.pkl", "february"), Slot::parse("here")}};
  upload.manifest = shelf.manifest;
  shelf.client.upload(upload);
  shelf.publish_allowed();
  PullOptions copy;
  copy.into = shelf.folder / "out";
  for (const PulledFile& file : shelf.client.pull(shelf.ref("1"), copy).files) {
    CHECK(test::read(file.path) == (file.slot == kModel ? "january" : "february"));
  }
  CHECK_FALSE(shelf.stores("january"));
  CHECK(shelf.stores("february"));
}

TEST_CASE("external: a mirror has no copy of what stays outside; what it has is served first") {
  Outside shelf;
  shelf.refer();
  shelf.publish_allowed();
  const auto copied = [&] {
    const auto sums = Stores(shelf.client).mirror({shelf.folder / "mirror"}, [](const auto&) {});
    return sums.at(0).copied;
  };
  CHECK(copied() == 0);
  CHECK(shelf.pull() == "january");
  shelf.refer(true);
  CHECK(copied() == 1);
  std::filesystem::remove_all(shelf.store());
  std::filesystem::remove_all(shelf.folder / "cache");
  shelf.s3.remove("models/m.pkl");
  PullOptions copy;
  copy.into = shelf.folder / "out";
  CHECK(test::read(shelf.client.pull(shelf.ref("1"), copy).files.at(0).path) == "january");
  CHECK(shelf.pull() == "january");
}
