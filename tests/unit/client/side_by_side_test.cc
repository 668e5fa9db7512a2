// Many files to and from a store that takes several at once.

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <functional>
#include <set>

#include "algoctl/client.h"
#include "algoctl/maintain.h"
#include "algoctl/stores.h"
#include "support/played_s3.h"
#include "unit/client/far_options.h"
#include "unit/core/failure.h"

namespace algoctl::test {
namespace {

constexpr int kFiles = 600;                                  // more than one batch
constexpr std::size_t kLarge = (std::size_t{16} << 20) + 1;  // more than goes in one piece

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
  static std::string key_of(const std::string& bytes) {
    const std::string hex = Digest::of(bytes).hex();
    return "prefix/objects/sha256/" + hex.substr(0, 2) + "/" + hex;
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
  CHECK(f.s3.count("HEAD", "objects/") <= 1);  // the copy
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

TEST_CASE("many files: a store that lets nobody in is left alone while a mirror has them") {
  Faraway f;
  f.write_files();
  f.upload();
  f.publish();
  Stores(f.client).mirror({f.folder / "mirror", false}, [](const MirroredObject&) {});
  const int before = f.s3.count("GET", "objects/");
  std::filesystem::remove_all(f.folder / "cache");
  f.s3.lie([](const SeenRequest&) { return std::optional(denied()); });
  const PullResult pulled = f.client.pull(Reference::parse("acme/sentiment"), {});
  CHECK(pulled.files.size() == kFiles + 1);
  // Those that were asked for side by side before the first one failed.
  CHECK(f.s3.count("GET", "objects/") - before <= 64);
}

TEST_CASE("many files: where a store rests, and no mirror has them, each failure is told as one") {
  Faraway f;
  f.write_files(20);
  f.upload();
  f.publish();
  Stores(f.client).mirror({f.folder / "mirror", false}, [](const MirroredObject&) {});
  std::filesystem::remove_all(f.folder / "mirror/objects");
  std::filesystem::remove_all(f.folder / "cache");
  f.s3.lie([](const SeenRequest&) { return std::optional(denied()); });
  for (int i = 0; i < 3; ++i) {
    const std::string said =
        failure([&] { f.client.pull(Reference::parse("acme/sentiment"), {}); });
    CAPTURE(said);
    CHECK(said.rfind("unauthorized: label 'in/", 0) == 0);
    CHECK(said.find("label '") == said.rfind("label '"));
  }
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

TEST_CASE("many files: all of them together keep to a rate, up and down") {
  Faraway f;
  for (int i = 0; i < 20; ++i) {
    f.folder.write("in/" + Faraway::file_name(i), std::string(20'000, static_cast<char>('a' + i)));
  }
  ClientOptions options = f.options();
  options.limit_rate = 1'000'000;
  Client slow(options);
  UploadOptions upload;
  upload.files = {{f.folder / "in", std::nullopt}};
  upload.manifest = f.manifest;
  const auto seconds = [](const std::function<void()>& work) {
    const auto begin = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  };
  CHECK(seconds([&] { slow.upload(upload); }) >= 0.35);
  f.publish();
  CHECK(seconds([&] { slow.pull(Reference::parse("acme/sentiment"), {}); }) >= 0.35);
}

TEST_CASE("many files: those of which nothing can be remembered go up too") {
  Faraway f;
  f.write_files(20);
  SUBCASE("because their time lies ahead") {
    const auto ahead = std::filesystem::file_time_type::clock::now() + std::chrono::hours(24);
    for (const auto& file : std::filesystem::directory_iterator(f.folder / "in")) {
      std::filesystem::last_write_time(file.path(), ahead);
    }
  }
  SUBCASE("because the cache cannot be written") { f.folder.write("cache/stamps", "no folder"); }
  CHECK(f.upload().files.size() == 21);
  CHECK(f.client.labels(f.name).size() == 21);
}

TEST_CASE("many files: what is there is not written over, but what is damaged is") {
  Faraway f;
  f.write_files(20);
  const std::string there = Faraway::key_of(bytes_of(3));
  const std::string damaged = Faraway::key_of(bytes_of(4));
  const std::string changed = Faraway::key_of(bytes_of(5));
  f.s3.set_as_sent(there, bytes_of(3));
  f.s3.set(damaged, "half");
  f.s3.set(changed, bytes_of(6));  // of the right size
  const UploadResult result = f.upload();
  CHECK(!result.files.at(3).stored);
  CHECK(result.files.at(4).stored);
  CHECK(result.files.at(5).stored);
  CHECK((f.s3.objects().at(damaged) == bytes_of(4)));
  CHECK((f.s3.objects().at(changed) == bytes_of(5)));
  CHECK(f.s3.count("PUT", there) == 1);
}

TEST_CASE("many files: what a repair could not mend is left, and said; the rest is mended") {
  Faraway f;
  f.write_files(20);
  f.upload();
  f.publish();
  Stores(f.client).mirror({f.folder / "mirror", false}, [](const MirroredObject&) {});
  const std::string stubborn = Faraway::key_of(bytes_of(4));
  const std::string changed = Faraway::key_of(bytes_of(5));
  f.s3.rot(stubborn, bytes_of(6));  // of the right size, both
  f.s3.rot(changed, bytes_of(7));
  f.s3.lie([&](const SeenRequest& request) -> std::optional<ScriptedAnswer> {
    // Taken, and not kept.
    if (request.method != "PUT" || request.target.find(stubborn) == std::string::npos) {
      return std::nullopt;
    }
    return ScriptedAnswer{};
  });
  VerifyOptions repair;
  repair.repair = true;
  int mended = 0;
  int left = 0;
  const auto note = [&](const Fault& fault) { ++(fault.mended ? mended : left); };
  f.client.verify(repair, note);
  CHECK(mended == 1);
  CHECK(left == 1);
  CHECK((f.s3.objects().at(changed) == bytes_of(5)));
  f.s3.lie({});
  f.client.verify(repair, note);
  CHECK(mended == 2);
  CHECK(left == 1);
  CHECK((f.s3.objects().at(stubborn) == bytes_of(4)));
}

TEST_CASE("many files: a server that knows no conditions is asked first") {
  Faraway f;
  f.write_files();
  f.s3.set_as_sent(Faraway::key_of(bytes_of(3)), bytes_of(3));
  f.s3.lie([](const SeenRequest& request) -> std::optional<ScriptedAnswer> {
    if (request.method != "PUT" || !http::find_field(request.headers, "if-none-match"))
      return std::nullopt;
    ScriptedAnswer unknown;
    unknown.status = 501;
    return unknown;
  });
  const UploadResult result = f.upload();
  CHECK(std::count_if(result.files.begin(), result.files.end(),
                      [](const UploadedFile& file) { return file.stored; }) == kFiles - 1);
  CHECK(f.s3.objects().size() == kFiles + 1);
  CHECK(f.s3.count("HEAD", "objects/") >= kFiles);
}

TEST_CASE("a large file: what was there and went away before it was needed is sent again") {
  Faraway f;
  const std::string bytes(kLarge, 'x');
  f.folder.write("in/large.bin", bytes);
  const std::string key = Faraway::key_of(bytes);
  f.s3.set_as_sent(key, bytes);
  std::atomic<int> asked{0};
  f.s3.lie([&](const SeenRequest& request) -> std::optional<ScriptedAnswer> {
    // The second question comes after the note.
    if (request.method == "HEAD" && asked.fetch_add(1) == 1) f.s3.remove(key);
    return std::nullopt;
  });
  CHECK(f.upload().files.size() == 1);
  CHECK(asked >= 2);
  CHECK(f.s3.objects().count(key) == 1);
}

TEST_CASE("a large file: no label is given to what went away in the last moment") {
  Faraway f;
  const std::string bytes(kLarge, 'x');
  f.folder.write("in/large.bin", bytes);
  const std::string key = Faraway::key_of(bytes);
  f.s3.lie([&](const SeenRequest& request) -> std::optional<ScriptedAnswer> {
    if (request.method == "HEAD") f.s3.remove(key);
    return std::nullopt;
  });
  CHECK(failure([&] { f.upload(); }) ==
        "storage: object " + Digest::of(bytes).str() +
            " of label 'in/large.bin' went away while it was uploaded | run it again");
  CHECK(f.client.labels(f.name).empty());
  f.s3.lie({});
  CHECK(f.upload().files.size() == 1);
}

}  // namespace algoctl::test
