#include <doctest/doctest.h>

#include <filesystem>

#include "base/text.h"
#include "support/played_s3.h"
#include "support/shop.h"

namespace fs = std::filesystem;

namespace algoctl::test {
namespace {

/// A shop with one version in its own folder, and a played server.
struct Mirrored : Shop {
  Mirrored() {
    answer({"init", "acme/sentiment"});
    ship("m", "bytes");
  }

  [[nodiscard]] ProcessResult call(const Arguments& arguments) const {
    return algoctl(arguments,
                   {.env = {{"AWS_ACCESS_KEY_ID", "key"}, {"AWS_SECRET_ACCESS_KEY", "secret"}}});
  }
  /// Exit status, standard output and what was said.
  [[nodiscard]] std::string said(const Arguments& arguments) const {
    const ProcessResult result = call(arguments);
    return std::to_string(result.exit) + "\n" + result.out + result.err;
  }
  [[nodiscard]] static std::string key() {
    const std::string hex = sha256_of("bytes");
    return "objects/sha256/" + hex.substr(0, 2) + "/" + hex;
  }

  PlayedS3 s3;
};

}  // namespace

TEST_CASE("mirror: a line for each object on stdout, the sum on stderr") {
  const Mirrored shop;
  const std::string url = "file://" + (shop / "mirror");
  const std::string before = shop.state();
  const std::string line = "sha256:" + sha256_of("bytes") + "\t5\t";
  CHECK(shop.said({"mirror"}) ==
        "0\nalgoctl: there is no mirror; `algoctl mirror --to URL` makes one\n");
  CHECK(shop.said({"mirror", "--to", "../mirror", "--dry-run"}) ==
        "0\n" + line + (shop / "mirror") + "\nalgoctl: " + (shop / "mirror") +
            " would get 1 object, 5 bytes\n");
  CHECK(shop.state() == before);
  CHECK_FALSE(fs::exists(shop / "mirror"));
  CHECK(shop.said({"mirror", "--to", "../mirror"}) ==
        "0\n" + line + url + "\nalgoctl: " + url + " got 1 object, 5 bytes\n");
  CHECK(shop.said({"mirror"}) == "0\nalgoctl: " + url + " has all objects\n");
  CHECK(shop.said({"mirror", "--forget", "../mirror", "--dry-run"}) ==
        "0\nalgoctl: " + (shop / "mirror") + " would be a mirror no more; its bytes would stay\n");
  CHECK(shop.said({"mirror", "--forget", "../mirror"}) ==
        "0\nalgoctl: " + (shop / "mirror") + " is a mirror no more; its bytes stay\n");
  CHECK(shop.said({"mirror", "--forget", "../mirror"}) ==
        "0\nalgoctl: " + (shop / "mirror") + " is no mirror: there is nothing to forget\n");
  CHECK(fs::exists((shop / "mirror") + "/" + Mirrored::key()));
  check_error(shop, {"mirror", "--forget", "s3://user:secret@models"}, 2,
              "--forget: a password does not belong in a store's URL",
              "take it out: the registry remembers a mirror without one");
  check_error(shop, {"mirror", "--forget", "x", "--to", "y"}, 2,
              "--forget and --to exclude each other", "give one of them");
}

TEST_CASE("mirror: pull takes it from a server when the store is gone") {
  const Mirrored shop;
  const ProcessResult filled = shop.call({"mirror", "--to", shop.s3.url(), "--json"});
  CHECK(filled.exit == 0);
  CHECK(starts_with(filled.out, R"({"schema":"algoctl.mirror/v1","objects":[{"sha256":")" +
                                    sha256_of("bytes") + R"(","size":5,"mirror":"s3://bucket/)"));
  CHECK(filled.err == "");
  fs::rename(shop.home() + "/store", shop / "unmounted");
  const ProcessResult pulled = shop.call({"pull", "acme/sentiment@1.0.0"});
  CHECK(pulled.exit == 0);
  CHECK(test::read(pulled.out.substr(0, pulled.out.find('\n'))) == "bytes");
  CHECK(shop.said({"pull", "acme/sentiment@1.0.0", "--to", "copy", "-q"}) == "0\ncopy\n");
  CHECK(shop.read("copy") == "bytes");
}

TEST_CASE("mirror: what a web server shows is remembered and read, never filled") {
  Mirrored shop;
  CHECK(shop.call({"mirror", "--to", shop.s3.url()}).exit == 0);
  CHECK(shop.call({"mirror", "--forget", shop.s3.url()}).exit == 0);
  const std::string web = shop.s3.server().origin() + "/bucket/prefix";
  CHECK(shop.said({"mirror", "--to", web}) == "0\nalgoctl: " + web + " has all objects\n");
  const int puts = shop.s3.count("PUT", "");
  shop.ship("n", "more bytes");
  CHECK(shop.said({"mirror"}) ==
        "0\nalgoctl: warning: " + web + " can only be read, and lacks 1 object\n");
  CHECK(shop.s3.count("PUT", "") == puts);
  fs::remove(shop.home() + "/store/" + Mirrored::key());
  const ProcessResult pulled = shop.call({"pull", "acme/sentiment@1.0.0", "--to", "copy"});
  CHECK(pulled.err == "");
  CHECK(shop.read("copy") == "bytes");
}

TEST_CASE("doctor --store: a line for each thing that is tried") {
  const Mirrored shop;
  const std::string folder =
      "ok\tput\tholds\t\nok\tread back\tholds\t\nok\tlist\tholds\t\nok\tdelete\tholds\t\n";
  CHECK(shop.said({"doctor", "--store"}) == "0\n" + folder);
  CHECK(shop.said({"doctor", "--store", "-q"}) == "0\n" + folder);
  CHECK(shop.said({"doctor", "--store", shop.home() + "/store"}) == "0\n" + folder);
  CHECK(shop.said({"doctor", "--store=../none"}) ==
        "6\n" + error_text("there is no store in '" + (shop / "none") + "'",
                           "check the path, and that the disk which holds it is mounted"));
  CHECK(shop.said({"doctor", "--store", shop.s3.url()}) ==
        "0\nok\tput\tholds\t\nok\tread back\tholds\t\nok\tread a range\tholds\t\n"
        "ok\tlist\tholds\t\nok\tcreate only what is new\tholds\t\n"
        "ok\tone of 20 creators wins\tholds\t\n"
        "ok\trefuse a body that is not what was signed\tholds\t\nok\tput in parts\tholds\t\n"
        "ok\tdelete\tholds\t\n");
  CHECK(shop.s3.objects().empty());
}

TEST_CASE("doctor --store: what is needed and does not hold is exit 1, with a remedy") {
  Mirrored shop;
  shop.s3.honours_conditions = false;
  shop.s3.lie([](const SeenRequest& request) -> std::optional<ScriptedAnswer> {
    if (request.method != "DELETE") return std::nullopt;
    ScriptedAnswer answer;
    answer.status = 403;
    return answer;
  });
  const ProcessResult result = shop.call({"doctor", "--store", shop.s3.url(), "--json"});
  CHECK(result.exit == 1);
  CHECK(result.out.find(R"({"check":"create only what is new","healthy":true,"finding":"the )"
                        R"(condition is ignored, and the key overwritten","remedy":null})") !=
        std::string::npos);
  CHECK(result.out.find(R"({"check":"delete","healthy":false,"finding":")" + shop.s3.url() +
                        R"(: no permission for s3:DeleteObject","remedy":"grant it to the key )"
                        R"(that is used, or use another key"}]})") != std::string::npos);
}

}  // namespace algoctl::test
