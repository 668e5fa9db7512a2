// The C interface as a C program calls it, with nothing but its headers.

#include <doctest/doctest.h>

#include <cstddef>
#include <cstring>
#include <filesystem>
#include <string>

#include "algoctl/c_publish.h"
#include "http/message.h"
#include "support/played_s3.h"
#include "unit/c/c_shop.h"

namespace algoctl::test {

TEST_CASE("c: upload, publish, resolve, pull, promote") {
  CShop shop;
  CHECK(shop.ship("first") == "1.0.0");
  algoctl_resolved resolved = {};
  resolved.size = sizeof resolved;
  REQUIRE(algoctl_resolve(shop.client, "acme/sentiment@^1", 0, &resolved, nullptr) == 0);
  CHECK(std::string(resolved.algorithm) == "acme/sentiment");
  CHECK(std::string(resolved.version) == "1.0.0");
  CHECK(std::string(resolved.published_by) == "ada");
  CHECK(std::string(resolved.sha256).substr(0, 7) == "sha256:");
  CHECK(resolved.previous == nullptr);
  CHECK(resolved.yank_reason == nullptr);
  algoctl_memory_free(resolved.memory);

  algoctl_pulled pulled = {};
  pulled.size = sizeof pulled;
  REQUIRE(algoctl_pull(shop.client, "acme/sentiment@1.0.0", nullptr, &pulled, nullptr) == 0);
  REQUIRE(pulled.file_count == 1);
  const algoctl_file& file = *pulled.files[0];
  CHECK(file.size == sizeof file);
  CHECK(std::string(file.slot) == "model");
  CHECK(std::string(file.uri) == "data://acme/sentiment/first.pkl");
  CHECK(file.bytes == 5);
  CHECK(read(file.path) == "first");
  CHECK(std::string(file.sha256) == Digest::of("first").str());
  algoctl_memory_free(pulled.memory);

  algoctl_promote_options promote = {};
  promote.size = sizeof promote;
  promote.reference = "acme/sentiment@1.0.0";
  promote.channel = "stable";
  promote.expect = "none";
  algoctl_promoted promoted = {};
  promoted.size = sizeof promoted;
  REQUIRE(algoctl_promote(shop.client, &promote, &promoted, nullptr) == 0);
  CHECK(promoted.moved == 1);
  CHECK(std::string(promoted.version) == "1.0.0");
  algoctl_memory_free(promoted.memory);
  algoctl_error* error = nullptr;
  CHECK(algoctl_promote(shop.client, &promote, &promoted, &error) == ALGOCTL_OK);
  promote.reference = "acme/sentiment@1.0.0";
  promote.expect = "2.0.0";
  algoctl_memory_free(promoted.memory);
  CHECK(algoctl_promote(shop.client, &promote, &promoted, &error) == ALGOCTL_CONFLICT);
  algoctl_error_free(error);
}

TEST_CASE("c: a label resolves to its bytes") {
  CShop shop;
  shop.upload("bytes", "label.pkl");
  algoctl_resolved resolved = {};
  resolved.size = sizeof resolved;
  REQUIRE(algoctl_resolve(shop.client, "data://acme/sentiment/label.pkl", 0, &resolved, nullptr) ==
          0);
  CHECK(resolved.version == nullptr);
  CHECK(std::string(resolved.sha256) == Digest::of("bytes").str());
  algoctl_memory_free(resolved.memory);
}

TEST_CASE("c: an error has the code of the program's exit status, a message and a hint") {
  CShop shop;
  shop.ship("first");
  algoctl_resolved resolved = {};
  resolved.size = sizeof resolved;
  algoctl_error* error = nullptr;
  CHECK(algoctl_resolve(shop.client, "acme/sentimemt", 0, &resolved, &error) == ALGOCTL_NOT_FOUND);
  CHECK(algoctl_error_code(error) == ALGOCTL_NOT_FOUND);
  CHECK(std::string(algoctl_error_message(error)) == "there is no algorithm 'acme/sentimemt'");
  CHECK(std::string(algoctl_error_hint(error)) == "did you mean 'acme/sentiment'?");
  CHECK(resolved.memory == nullptr);
  algoctl_error_free(error);
  CHECK(algoctl_resolve(shop.client, "not a reference", 0, &resolved, nullptr) == ALGOCTL_USAGE);
  CHECK(std::string(algoctl_error_message(nullptr)) == "out of memory");
  CHECK(algoctl_error_code(nullptr) == ALGOCTL_INTERNAL);
}

TEST_CASE("c: what is missing is a usage error, not a crash") {
  CShop shop;
  const auto message = [&](auto call) {
    algoctl_error* error = nullptr;
    CHECK(call(&error) == ALGOCTL_USAGE);
    std::string text = algoctl_error_message(error);
    algoctl_error_free(error);
    return text;
  };
  algoctl_resolved unsized = {};
  algoctl_resolved resolved = {};
  resolved.size = sizeof resolved;
  CHECK(message([&](algoctl_error** e) {
          return algoctl_resolve(shop.client, nullptr, 0, &resolved, e);
        }) == "the reference is not given");
  CHECK(message([&](algoctl_error** e) {
          return algoctl_resolve(nullptr, "acme/sentiment", 0, &resolved, e);
        }) == "the client is not given");
  shop.ship("first");
  CHECK(message([&](algoctl_error** e) {
          return algoctl_resolve(shop.client, "acme/sentiment", 0, &unsized, e);
        }) == "a struct has no size");
  CHECK(message([&](algoctl_error** e) {
          return algoctl_resolve(shop.client, "acme/sentiment", 0, nullptr, e);
        }) == "no place for the result");
  algoctl_publish_options publish = {};
  publish.size = sizeof publish;
  algoctl_published published = {};
  published.size = sizeof published;
  const auto publishing = [&](algoctl_error** e) {
    return algoctl_publish(shop.client, &publish, &published, e);
  };
  CHECK(message(publishing) == "the manifest is not given");
  publish.manifest = shop.manifest.c_str();
  publish.channel_count = 1;
  CHECK(message(publishing) == "a channel is not given");
  publish.bump = "huge";
  CHECK(message(publishing) == "'huge' is no part of a version");
  publish.size = 1;
  CHECK(message(publishing) == "a struct has no size");
}

TEST_CASE("c: nothing is done when the result has no place") {
  CShop shop;
  shop.ship("first");
  const std::string path = shop.folder.write("in/other.pkl", "other");
  const char* const paths[] = {path.c_str()};
  algoctl_upload_options upload = {};
  upload.size = sizeof upload;
  upload.paths = paths;
  upload.path_count = 1;
  upload.algorithm = "acme/sentiment";
  algoctl_uploaded uploaded = {};
  CHECK(algoctl_upload(shop.client, &upload, &uploaded, nullptr) == ALGOCTL_USAGE);
  CHECK(algoctl_upload(shop.client, &upload, nullptr, nullptr) == ALGOCTL_USAGE);
  algoctl_resolved resolved = {};
  resolved.size = sizeof resolved;
  CHECK(algoctl_resolve(shop.client, "data://acme/sentiment/other.pkl", 0, &resolved, nullptr) ==
        ALGOCTL_NOT_FOUND);

  shop.upload("second", "second.pkl");
  algoctl_publish_options publish = {};
  publish.size = sizeof publish;
  publish.manifest = shop.manifest.c_str();
  algoctl_published published = {};
  CHECK(algoctl_publish(shop.client, &publish, &published, nullptr) == ALGOCTL_USAGE);
  CHECK(algoctl_publish(shop.client, &publish, nullptr, nullptr) == ALGOCTL_USAGE);
  CHECK(algoctl_resolve(shop.client, "acme/sentiment@1.1.0", 0, &resolved, nullptr) ==
        ALGOCTL_NOT_FOUND);

  algoctl_promote_options promote = {};
  promote.size = sizeof promote;
  promote.reference = "acme/sentiment@1.0.0";
  promote.channel = "stable";
  algoctl_promoted promoted = {};
  CHECK(algoctl_promote(shop.client, &promote, &promoted, nullptr) == ALGOCTL_USAGE);
  CHECK(algoctl_promote(shop.client, &promote, nullptr, nullptr) == ALGOCTL_USAGE);
  CHECK(algoctl_resolve(shop.client, "acme/sentiment@stable", 0, &resolved, nullptr) ==
        ALGOCTL_NOT_FOUND);

  const std::string into = shop.folder / "into";
  algoctl_pull_options pull = {};
  pull.size = sizeof pull;
  pull.into = into.c_str();
  algoctl_pulled pulled = {};
  CHECK(algoctl_pull(shop.client, "acme/sentiment", &pull, &pulled, nullptr) == ALGOCTL_USAGE);
  CHECK_FALSE(std::filesystem::exists(into));
}

TEST_CASE("c: what is copied into a relative folder has an absolute path") {
  CShop shop;
  shop.ship("first");
  const std::string into = std::filesystem::relative(shop.folder / "into");
  algoctl_pull_options pull = {};
  pull.size = sizeof pull;
  pull.into = into.c_str();
  algoctl_pulled pulled = {};
  pulled.size = sizeof pulled;
  REQUIRE(algoctl_pull(shop.client, "acme/sentiment", &pull, &pulled, nullptr) == 0);
  CHECK(pulled.folder[0] == '/');
  CHECK(pulled.files[0]->path[0] == '/');
  CHECK(read(pulled.files[0]->path) == "first");
  algoctl_memory_free(pulled.memory);
}

TEST_CASE("c: no more of a struct is written than its caller knows") {
  CShop shop;
  shop.ship("first");
  algoctl_resolved resolved;
  std::memset(&resolved, 0x55, sizeof resolved);
  resolved.size = offsetof(algoctl_resolved, sha256);
  REQUIRE(algoctl_resolve(shop.client, "acme/sentiment", 0, &resolved, nullptr) == 0);
  CHECK(resolved.size == offsetof(algoctl_resolved, sha256));
  CHECK(std::string(resolved.version) == "1.0.0");
  const auto* const rest = reinterpret_cast<const unsigned char*>(&resolved);
  for (std::size_t i = resolved.size; i < sizeof resolved; ++i) CHECK(rest[i] == 0x55);
  algoctl_memory_free(resolved.memory);
}

TEST_CASE("c: a store on a server finds its credentials in the environment that was given") {
  const PlayedS3 s3;
  const TemporaryFolder folder;
  const char* const environment[] = {"AWS_SECRET_ACCESS_KEY=b=c", "no variable",
                                     "AWS_ACCESS_KEY_ID=key-of-ada", nullptr};
  const std::string home = folder / "home", cache = folder / "cache", store = s3.url();
  algoctl_client_options options = {};
  options.size = sizeof options;
  options.home = home.c_str();
  options.cache = cache.c_str();
  options.store = store.c_str();
  for (const bool given : {false, true}) {
    CAPTURE(given);
    options.environment = given ? environment : nullptr;
    algoctl_client* client = nullptr;
    REQUIRE(algoctl_client_open(&options, &client, nullptr) == 0);
    CHECK(algoctl_init(client, "acme/sentiment", (folder / "work").c_str(), nullptr) ==
          (given ? ALGOCTL_OK : ALGOCTL_UNAUTHORIZED));
    algoctl_client_close(client);
  }
  const auto seen = s3.server().requests();
  REQUIRE(!seen.empty());
  CHECK(http::find_field(seen.back().headers, "authorization").value().find("key-of-ada/") !=
        std::string::npos);
}

}  // namespace algoctl::test
