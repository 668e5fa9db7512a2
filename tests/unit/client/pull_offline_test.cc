// Pulling where no server can be asked, or none is to be.

#include <doctest/doctest.h>

#include <filesystem>

#include "algoctl/client.h"
#include "support/played_s3.h"
#include "unit/client/far_options.h"
#include "unit/client/shelf.h"
#include "unit/core/failure.h"

namespace algoctl::test {
namespace {

/// A version whose bytes are on a played server.
struct Published {
  Published() {
    Client client(far_options(s3, folder));
    const std::string manifest = client.init(Algorithm::parse("acme/sentiment"), folder / "work");
    UploadOptions upload;
    upload.files = {{folder.write("m.bin", "january"), std::nullopt}};
    upload.manifest = manifest;
    client.upload(upload);
    PublishOptions publish;
    publish.manifest = manifest;
    client.publish(publish);
  }

  /// As another process would, which has opened nothing yet.
  std::string pull(const PullOptions& pull = {}) const {
    Client client(far_options(s3, folder));
    return read(client.pull(Reference::parse("acme/sentiment@1.0.0"), pull).files.at(0).path);
  }
  [[nodiscard]] std::size_t asked() const { return s3.server().requests().size(); }

  TemporaryFolder folder;
  PlayedS3 s3;
};

PullOptions offline(const std::string& into = "") {
  PullOptions options;
  options.offline = true;
  options.into = into;
  return options;
}

}  // namespace

TEST_CASE("pull: what is in the cache is had without its server") {
  Published f;
  CHECK(f.pull() == "january");
  const std::size_t before = f.asked();
  CHECK(f.pull() == "january");
  CHECK(f.pull(offline()) == "january");
  PullOptions into;
  into.into = f.folder / "out";
  CHECK(f.pull(into) == "january");
  CHECK(f.pull(offline(f.folder / "again")) == "january");
  CHECK(f.asked() == before);
}

TEST_CASE("pull: with --offline nobody is asked for what is not in the cache") {
  Published f;
  const std::size_t before = f.asked();
  const std::string text =
      "storage: the object of label 'm.bin' is not in the cache, and its store takes a network | "
      "pull it once without --offline";
  CHECK(failure([&] { f.pull(offline()); }) == text);
  CHECK(failure([&] { f.pull(offline(f.folder / "out")); }) == text);
  CHECK(f.asked() == before);
}

TEST_CASE("pull: a copy in the cache that was damaged is no copy") {
  Published f;
  CHECK(f.pull() == "january");
  const std::string hex = Digest::of("january").hex();
  const std::string copy = "cache/objects/" + hex.substr(0, 2) + "/" + hex;
  std::filesystem::remove(f.folder / copy);
  f.folder.write(copy, "JANUARY");
  CHECK(failure([&] { f.pull(offline()); }).rfind("storage: the object of label 'm.bin'", 0) == 0);
  CHECK(f.pull() == "january");
}

TEST_CASE("pull: a store in this file system takes no network") {
  Shelf shelf;
  shelf.ship("january");
  PullOptions options = offline();
  CHECK(read(shelf.client.pull(shelf.ref("1"), options).files.at(0).path) == "january");
}

}  // namespace algoctl::test
