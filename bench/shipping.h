#pragma once

#include <string>

#include "algoctl/algoctl.h"

namespace algoctl::bench {

/// A home in FOLDER with an algorithm to publish to, by the library's own code.
class Shipping {
 public:
  explicit Shipping(const std::string& folder) : folder_(folder), client_(options(folder)) {
    manifest_ = client_.init(algorithm(), folder + "/work");
  }

  static ClientOptions options(const std::string& folder) {
    ClientOptions options;
    options.home = folder + "/home";
    options.cache = folder + "/cache";
    options.actor = "bench";
    return options;
  }
  static Algorithm algorithm() { return Algorithm::parse("acme/sentiment"); }

  Client& client() { return client_; }

  /// Publishes a file that is there already.
  Version ship(const std::string& path) {
    UploadOptions upload;
    upload.files = {Source{path, std::nullopt}};
    upload.manifest = manifest_;
    client_.upload(upload);
    PublishOptions publish;
    publish.manifest = manifest_;
    return client_.publish(publish).version;
  }

  /// Makes `stable` name a version.
  void promote(const Version& version) {
    PromoteOptions promote{
        Reference(algorithm(), Selector::exactly(version)), "stable", {}, {}, {}};
    promote.force = true;
    client_.promote(promote);
  }

 private:
  std::string folder_;
  Client client_;
  std::string manifest_;
};

}  // namespace algoctl::bench
