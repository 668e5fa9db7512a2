#pragma once

#include <doctest/doctest.h>

#include <string>

#include "algoctl/c_publish.h"
#include "algoctl/digest.h"
#include "support/temporary_folder.h"

namespace algoctl::test {

/// A home, a cache and a working copy of `acme/sentiment` of their own, by the C interface.
struct CShop {
  CShop() {
    const std::string home = folder / "home";
    const std::string cache = folder / "cache";
    algoctl_client_options options = {};
    options.size = sizeof options;
    options.home = home.c_str();
    options.cache = cache.c_str();
    options.actor = "ada";
    REQUIRE(algoctl_client_open(&options, &client, nullptr) == 0);
    REQUIRE(algoctl_init(client, "acme/sentiment", (folder / "work").c_str(), nullptr) == 0);
  }
  ~CShop() { algoctl_client_close(client); }
  CShop(const CShop&) = delete;
  CShop& operator=(const CShop&) = delete;

  void upload(const std::string& bytes, const std::string& label) const {
    const std::string path = folder.write("in/" + label, bytes);
    const char* const paths[] = {path.c_str()};
    const char* const slots[] = {"model"};
    algoctl_upload_options options = {};
    options.size = sizeof options;
    options.paths = paths;
    options.slots = slots;
    options.path_count = 1;
    options.label = label.c_str();
    options.replace = 1;
    options.manifest = manifest.c_str();
    algoctl_uploaded result = {};
    result.size = sizeof result;
    REQUIRE(algoctl_upload(client, &options, &result, nullptr) == 0);
    REQUIRE(result.file_count == 1);
    CHECK(std::string(result.files[0]->label) == label);
    algoctl_memory_free(result.memory);
  }

  /// Uploads new bytes and publishes them. Returns the number.
  std::string ship(const std::string& bytes) const {
    upload(bytes, bytes + ".pkl");
    algoctl_publish_options options = {};
    options.size = sizeof options;
    options.manifest = manifest.c_str();
    algoctl_published result = {};
    result.size = sizeof result;
    REQUIRE(algoctl_publish(client, &options, &result, nullptr) == 0);
    std::string version = result.version;
    algoctl_memory_free(result.memory);
    return version;
  }

  TemporaryFolder folder;
  std::string manifest = folder / "work/algorithm.json";
  algoctl_client* client = nullptr;
};

}  // namespace algoctl::test
