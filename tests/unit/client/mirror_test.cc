#include <doctest/doctest.h>

#include <filesystem>

#include "algoctl/stores.h"
#include "support/played_s3.h"
#include "unit/client/shelf.h"
#include "unit/core/failure.h"

namespace fs = std::filesystem;

namespace algoctl::test {
namespace {

/// A shelf with two versions, and a played server for its mirror.
struct Mirrored : Shelf {
  Mirrored() {
    client = Client(options());
    ship("one");
    ship("two");
  }

  [[nodiscard]] ClientOptions options() const {
    ClientOptions options = Shelf::options();
    options.variable = [](const std::string& variable) -> std::optional<std::string> {
      if (variable == "AWS_ACCESS_KEY_ID") return "key";
      if (variable == "AWS_SECRET_ACCESS_KEY") return "secret";
      return std::nullopt;
    };
    return options;
  }

  /// The objects that were copied, and how the mirrors stand.
  std::string mirror(const std::string& to = "", bool dry_run = false) {
    std::string text;
    const auto sums = Stores(client).mirror({to, dry_run}, [&](const MirroredObject& each) {
      text += each.object.hex().substr(0, 8) + " " + std::to_string(each.size) + ", ";
    });
    for (const MirrorSum& sum : sums) {
      text += std::to_string(sum.copied) + "/" + std::to_string(sum.bytes) + "/" +
              std::to_string(sum.missing) + " ";
    }
    return text;
  }
  /// The bytes of a version, by a client that knows of no opened store.
  [[nodiscard]] std::string pulled(const std::string& selector) const {
    Client fresh(options());
    return read(fresh.pull(ref(selector)).files.at(0).path);
  }
  [[nodiscard]] static std::string key(const std::string& bytes) {
    const std::string hex = Digest::of(bytes).hex();
    return "objects/sha256/" + hex.substr(0, 2) + "/" + hex;
  }
  [[nodiscard]] std::string object(const std::string& bytes) const {
    return folder / "home" + "/store/" + key(bytes);
  }
  static std::string hex8(const std::string& bytes) { return Digest::of(bytes).hex().substr(0, 8); }
  /// The lines of what is copied when both objects are, in their order.
  static std::string both() {
    const std::string one = hex8("one") + " 3, ";
    const std::string two = hex8("two") + " 3, ";
    return hex8("one") < hex8("two") ? one + two : two + one;
  }

  PlayedS3 s3;
};

}  // namespace

TEST_CASE("mirror: is made, filled and remembered; then there is nothing to do") {
  Mirrored shelf;
  CHECK(shelf.mirror(shelf.s3.url(), true) == Mirrored::both() + "2/6/0 ");
  CHECK(shelf.s3.objects().empty());
  CHECK(shelf.mirror() == "");
  CHECK(shelf.mirror(shelf.s3.url()) == Mirrored::both() + "2/6/0 ");
  const auto objects = shelf.s3.objects();
  CHECK(objects.size() == 3);
  CHECK(objects.at("prefix/" + Mirrored::key("one")) == "one");
  CHECK(objects.at("prefix/" + Mirrored::key("two")) == "two");
  CHECK(shelf.mirror() == "0/0/0 ");
  CHECK(shelf.mirror(shelf.s3.url()) == "0/0/0 ");
  shelf.ship("three");
  CHECK(shelf.mirror() == Mirrored::hex8("three") + " 5, 1/5/0 ");
}

TEST_CASE("mirror: what was cut off in the middle goes on with what is missing") {
  Mirrored shelf;
  int puts = 0;
  shelf.s3.lie([&](const SeenRequest& request) -> std::optional<ScriptedAnswer> {
    const bool is_object = request.target.find("objects/sha256/") != std::string::npos;
    if (request.method != "PUT" || !is_object || ++puts == 1) return std::nullopt;
    return denied();
  });
  CHECK(failure([&] { shelf.mirror(shelf.s3.url()); }).find("unauthorized: ") == 0);
  CHECK(shelf.s3.objects().size() == 2);
  shelf.s3.lie({});
  const std::string rest = shelf.mirror();
  CHECK(rest.find(" 3, 1/3/0 ") != std::string::npos);
  CHECK(shelf.s3.objects().size() == 3);
  CHECK(shelf.mirror() == "0/0/0 ");
}

TEST_CASE("pull: a mirror has what the store lacks, has damaged, or cannot be reached for") {
  Mirrored shelf;
  shelf.mirror(shelf.s3.url());
  SUBCASE("lost") { fs::remove(shelf.object("one")); }
  SUBCASE("damaged") {
    fs::remove(shelf.object("one"));
    shelf.folder.write("home/store/" + Mirrored::key("one"), "two");
  }
  SUBCASE("gone") { fs::remove_all(shelf.folder / "home/store"); }
  CHECK(shelf.pulled("1.0.0") == "one");
  Client fresh(shelf.options());
  const std::string copy = shelf.folder / "copy";
  PullOptions into;
  into.file = copy;
  fresh.pull(shelf.ref("1.0.0"), into);
  CHECK(read(copy) == "one");
}

TEST_CASE("pull: when no mirror has it, the error is the store's own") {
  Mirrored shelf;
  shelf.mirror(shelf.s3.url());
  fs::remove(shelf.object("one"));
  const std::string lost =
      "integrity: the object of label 'one.pkl' is not in the store: " + Digest::of("one").str() +
      " | upload the file again, or restore the store from a backup";
  shelf.s3.set("prefix/" + Mirrored::key("one"), "eno");
  CHECK(failure([&] { (void)shelf.pulled("1.0.0"); }) == lost);
  shelf.s3.remove("prefix/" + Mirrored::key("one"));
  CHECK(failure([&] { (void)shelf.pulled("1.0.0"); }) == lost);
  shelf.s3.lie([](const SeenRequest&) { return denied(); });
  CHECK(failure([&] { (void)shelf.pulled("1.0.0"); }) == lost);
  CHECK(shelf.pulled("1.1.0") == "two");
}

TEST_CASE("mirror: a folder mirrors too, and serves a store that a server has") {
  Shelf shelf;
  PlayedS3 s3;
  ClientOptions options = Mirrored().options();
  options.home = shelf.folder / "other";
  options.cache = shelf.folder / "other-cache";
  options.store = s3.url();
  Client client(options);
  UploadOptions upload;
  upload.files = {{shelf.folder.write("in/m.pkl", "bytes"), Slot::parse("model")}};
  upload.algorithm = shelf.name;
  client.upload(upload);
  const std::string place = shelf.folder / "mirror";
  int copied = 0;
  Stores(client).mirror({place, false}, [&](const MirroredObject&) { ++copied; });
  CHECK(copied == 1);
  CHECK(read(place + "/" + Mirrored::key("bytes")) == "bytes");
  fs::remove_all(options.cache);
  s3.lie([](const SeenRequest&) { return denied(); });
  Client fresh(options);
  const auto pulled = fresh.pull(Reference::parse("data://acme/sentiment/m.pkl"));
  CHECK(read(pulled.files.at(0).path) == "bytes");
}

TEST_CASE("verify: mends from a mirror when nothing else is named") {
  Mirrored shelf;
  shelf.mirror(shelf.s3.url());
  fs::remove(shelf.object("one"));
  VerifyOptions repair;
  repair.repair = true;
  std::string faults;
  const auto note = [&](const Fault& fault) {
    faults += fault.kind + (fault.mended ? " mended " : " left ");
  };
  CHECK(shelf.client.verify(repair, note).mended == 1);
  CHECK(faults == "object-missing mended ");
  CHECK(read(shelf.object("one")) == "one");
}

TEST_CASE("mirror: neither the store itself nor another registry's") {
  Mirrored shelf;
  const std::string own = shelf.folder / "home/store";
  CHECK(failure([&] { shelf.mirror(own); }) ==
        "conflict: file://" + own +
            " is the registry's own store, or a copy with its id | name another place: `algoctl "
            "mirror` makes a store there");
  Mirrored theirs;
  const std::string other = theirs.folder / "home/store";
  CHECK(failure([&] { shelf.mirror(other); }) ==
        "conflict: file://" + other +
            " belongs to another registry | name another place: that registry collects there what "
            "it does not need");
  CHECK(shelf.mirror() == "");
}

TEST_CASE("mirror: one that is forgotten is neither filled nor read") {
  Mirrored shelf;
  shelf.mirror(shelf.folder / "mirror");
  Stores stores(shelf.client);
  CHECK_FALSE(stores.forget_mirror("/nowhere"));
  CHECK(stores.forget_mirror(shelf.folder / "mirror", true));
  CHECK(stores.forget_mirror(shelf.folder / "mirror"));
  CHECK_FALSE(stores.forget_mirror(shelf.folder / "mirror"));
  CHECK(shelf.mirror() == "");
  CHECK(fs::exists((shelf.folder / "mirror") + "/" + Mirrored::key("one")));
  fs::remove(shelf.object("one"));
  CHECK(failure([&] { (void)shelf.pulled("1.0.0"); }).find("integrity: ") == 0);
}

TEST_CASE("mirror: one that is down does not keep the others from being filled") {
  Mirrored shelf;
  shelf.mirror(shelf.folder / "first");
  shelf.mirror(shelf.folder / "second");
  shelf.ship("three");
  fs::rename(shelf.folder / "first", shelf.folder / "unmounted");
  Client fresh(shelf.options());
  int copied = 0;
  const std::string failed =
      failure([&] { Stores(fresh).mirror({}, [&](const MirroredObject&) { ++copied; }); });
  CHECK(failed == "storage: there is no store in '" + (shelf.folder / "first") +
                      "' | check the path, and that the disk which holds it is mounted");
  CHECK(copied == 1);
  CHECK(fs::exists((shelf.folder / "second") + "/" + Mirrored::key("three")));
}

}  // namespace algoctl::test
