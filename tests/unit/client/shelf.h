#pragma once

#include <cstdint>
#include <string>

#include "algoctl/algoctl.h"
#include "support/temporary_folder.h"

namespace algoctl::test {

constexpr std::int64_t kStart = 1551312000000;  ///< 2019-02-28, when a shelf's clock stands still
constexpr std::int64_t kHour = 3600000;

/// A home, a cache and a working copy of `acme/sentiment` of their own, with a clock that stands
/// still.
struct Shelf {
  Shelf() : client(options()) { manifest = client.init(name, folder / "work"); }

  [[nodiscard]] ClientOptions options() const {
    ClientOptions options;
    options.home = folder / "home";
    options.cache = folder / "cache";
    options.actor = "ada";
    options.timeout = std::chrono::milliseconds(5000);
    options.now = [] { return kStart; };
    return options;
  }

  UploadedFile upload(const std::string& bytes, const std::string& label,
                      const std::string& slot = "model", bool replace = false) {
    UploadOptions upload;
    upload.files = {{folder.write("in/" + label, bytes), Slot::parse(slot)}};
    upload.label = label;
    upload.replace = replace;
    upload.manifest = manifest;
    return client.upload(upload).files.at(0);
  }

  [[nodiscard]] PublishOptions publishing() const {
    PublishOptions publish;
    publish.manifest = manifest;
    return publish;
  }

  /// Uploads new bytes and publishes them. Returns the number.
  std::string ship(const std::string& bytes) {
    upload(bytes, bytes + ".pkl");
    return client.publish(publishing()).version.str();
  }

  [[nodiscard]] Reference ref(const std::string& selector) const {
    return Reference::parse("acme/sentiment@" + selector);
  }

  TemporaryFolder folder;
  Algorithm name = Algorithm::parse("acme/sentiment");
  Client client;
  std::string manifest;
};

}  // namespace algoctl::test
