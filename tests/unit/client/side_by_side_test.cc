// Many files to and from a store that takes several at once.

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <set>

#include "algoctl/client.h"
#include "support/played_s3.h"
#include "unit/client/far_options.h"
#include "unit/core/failure.h"

namespace algoctl::test {
namespace {

constexpr int kFiles = 300;  // more than one batch

std::string bytes_of(int number) { return "the bytes of file " + std::to_string(number); }

/// A shelf whose bytes go to a played server.
struct Faraway {
  Faraway() : client(options()) { manifest = client.init(name, folder / "work"); }

  ClientOptions options() {
    ClientOptions options = far_options(s3, folder);
    options.stop = &stop;
    options.progress = [this](const Progress& progress) { told.insert(progress.name); };
    return options;
  }

  /// In the order of their names; the last one is a copy of the first.
  void write_files(int count = kFiles) const {
    for (int i = 0; i < count; ++i) folder.write("in/" + file_name(i), bytes_of(i));
    folder.write("in/z.bin", bytes_of(0));
  }
  static std::string file_name(int number) {
    const std::string digits = std::to_string(number);
    return std::string(4 - digits.size(), '0') + digits + ".bin";
  }
  UploadResult upload() {
    UploadOptions upload;
    upload.files = {{folder / "in", std::nullopt}};
    upload.manifest = manifest;
    return client.upload(upload);
  }
  void publish() {
    PublishOptions publish;
    publish.manifest = manifest;
    client.publish(publish);
  }

  PlayedS3 s3;
  TemporaryFolder folder;
  std::atomic<bool> stop{false};
  std::set<std::string> told;
  Algorithm name = Algorithm::parse("acme/sentiment");
  Client client;
  std::string manifest;
};

}  // namespace

TEST_CASE("many files: go up side by side, each once, and are answered in order") {
  Faraway f;
  f.write_files();
  const UploadResult result = f.upload();
  REQUIRE(result.files.size() == kFiles + 1);
  for (int i = 0; i < kFiles; ++i) {
    const UploadedFile& file = result.files[static_cast<std::size_t>(i)];
    CHECK(file.label.str() == "in/" + Faraway::file_name(i));
    CHECK(file.sha256 == Digest::of(bytes_of(i)));
    CHECK(file.stored);
  }
  CHECK(result.files.back().sha256 == Digest::of(bytes_of(0)));
  CHECK(!result.files.back().stored);
  CHECK(f.s3.count("PUT", "objects/") == kFiles);
  CHECK(f.s3.server().most_at_once() > 1);
  // Before, after they were noted, and under the lock that names them.
  CHECK(f.s3.count("HEAD", "objects/") <= 3 * (kFiles + 1));
}

TEST_CASE("many files: the same bytes under two names at once are sent once") {
  Faraway f;
  f.folder.write("in/a.bin", "same");
  f.folder.write("in/b.bin", "same");
  const UploadResult result = f.upload();
  CHECK(f.s3.count("PUT", "objects/") == 1);
  CHECK(result.files.at(0).stored);
  CHECK(!result.files.at(1).stored);
}

TEST_CASE("many files: what was there is not sent again") {
  Faraway f;
  f.write_files(20);
  f.upload();
  const int puts = f.s3.count("PUT", "objects/");
  const UploadResult again = f.upload();
  CHECK(std::none_of(again.files.begin(), again.files.end(),
                     [](const UploadedFile& file) { return file.stored; }));
  CHECK(f.s3.count("PUT", "objects/") == puts);
}

TEST_CASE("many files: one that is refused is named, and no label is given") {
  Faraway f;
  f.write_files(20);
  const std::string hex = Digest::of(bytes_of(7)).hex();
  f.s3.lie([hex](const SeenRequest& request) -> std::optional<ScriptedAnswer> {
    const bool ours = request.method == "PUT" && request.target.find(hex) != std::string::npos;
    return ours ? std::optional(denied()) : std::nullopt;
  });
  CHECK(failure([&] { f.upload(); }).rfind("unauthorized: " + f.s3.url().substr(0, 18), 0) == 0);
  CHECK(f.client.labels(f.name).empty());
  f.s3.lie({});
  CHECK(f.upload().files.size() == 21);
}

TEST_CASE("many files: what went away while it was uploaded is sent again") {
  Faraway f;
  f.write_files(20);
  const std::string key = "prefix/objects/sha256/" + Digest::of(bytes_of(3)).hex().substr(0, 2) +
                          "/" + Digest::of(bytes_of(3)).hex();
  std::atomic<bool> gone{false};
  f.s3.lie([&](const SeenRequest& request) -> std::optional<ScriptedAnswer> {
    // The second question about it comes after the note.
    if (request.method == "HEAD" && request.target.find(key) != std::string::npos &&
        f.s3.objects().count(key) > 0 && !gone.exchange(true)) {
      f.s3.remove(key);
    }
    return std::nullopt;
  });
  CHECK(f.upload().files.size() == 21);
  CHECK(gone);
  CHECK(f.s3.objects().count(key) == 1);
}

TEST_CASE("many files: come back side by side, verified, and the label of a bad one is named") {
  Faraway f;
  f.write_files();
  f.upload();
  f.publish();
  const PullResult pulled = f.client.pull(Reference::parse("acme/sentiment"), {});
  REQUIRE(pulled.files.size() == kFiles + 1);
  for (int i = 0; i < kFiles; ++i) {
    CHECK(read(pulled.files[static_cast<std::size_t>(i)].path) == bytes_of(i));
  }
  CHECK(read(pulled.files.back().path) == bytes_of(0));
  CHECK(f.s3.count("GET", "objects/") == kFiles);

  std::filesystem::remove_all(f.folder / "cache");
  const std::string hex = Digest::of(bytes_of(7)).hex();
  f.s3.set("prefix/objects/sha256/" + hex.substr(0, 2) + "/" + hex, bytes_of(8));
  CHECK(failure([&] {
          f.client.pull(Reference::parse("acme/sentiment"), {});
        }).rfind("integrity: label 'in/0007.bin': object sha256:" + hex + " is damaged", 0) == 0);
}

TEST_CASE("many files: a stop ends them soon") {
  Faraway f;
  f.write_files(20);
  f.s3.lie([&](const SeenRequest& request) -> std::optional<ScriptedAnswer> {
    if (request.method == "PUT" && request.target.find("objects/") != std::string::npos) {
      f.stop = true;
      ScriptedAnswer busy;
      busy.status = 503;
      return busy;
    }
    return std::nullopt;
  });
  CHECK(failure([&] { f.upload(); }) == "interrupted: interrupted");
}

}  // namespace algoctl::test
