#pragma once

#include <optional>
#include <string>

#include "algoctl/client_options.h"
#include "support/played_s3.h"
#include "support/temporary_folder.h"

namespace algoctl::test {

/// A home and a cache in `folder`, and a store on the played server, with keys for it.
inline ClientOptions far_options(const PlayedS3& s3, const TemporaryFolder& folder) {
  ClientOptions options;
  options.home = folder / "home";
  options.cache = folder / "cache";
  options.store = s3.url();
  options.actor = "ada";
  options.variable = [](const std::string& asked) -> std::optional<std::string> {
    if (asked == "AWS_ACCESS_KEY_ID" || asked == "AWS_SECRET_ACCESS_KEY") return "played";
    return std::nullopt;
  };
  return options;
}

}  // namespace algoctl::test
