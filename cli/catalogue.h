#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "algoctl/client.h"
#include "context.h"

namespace algoctl::cli {

/// What the registry and this folder's manifest have on offer, for somebody who is typing: asked
/// only when needed, for a third of a second in all, and never changed. What cannot be read is not
/// there. Throws Error{interrupted} alone.
class Catalogue {
 public:
  explicit Catalogue(Context& ctx);

  std::vector<Algorithm> algorithms();
  bool has(const Algorithm& algorithm);
  /// The algorithm whose folder this is.
  std::optional<Algorithm> own_algorithm();
  struct Offer {
    /// Those whose number begins as asked, highest first, and not more than a screen can show.
    std::vector<VersionSummary> versions;
    /// Channels, with what each names now.
    std::map<std::string, std::string> channels;
  };
  Offer offer(const Algorithm& algorithm, const std::string& prefix);
  std::vector<LabelInfo> labels(const Algorithm& algorithm);
  /// Slots with their labels: of a version, or of this folder's manifest.
  using Slots = std::vector<std::pair<std::string, std::string>>;
  Slots slots_of(const std::string& reference);
  Slots own_slots();

 private:
  template <typename Body>
  void look(Body body);
  Client& client();
  [[nodiscard]] bool late() const;

  Context& ctx_;
  std::int64_t end_ms_;
  std::optional<Client> client_;
};

}  // namespace algoctl::cli
