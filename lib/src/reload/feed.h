#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "algoctl/client_options.h"
#include "algoctl/reference.h"
#include "algoctl/reload_options.h"
#include "reload/loaded.h"

namespace algoctl {

/// A version that a rollout announced for the channel that is followed.
struct AnnouncedSoon {
  std::string rollout;  ///< its id
  ModelVersion version;
  std::optional<std::int64_t> switch_in = {};  ///< milliseconds from now, at least 0
};

/// What a reference means, and is about to mean.
struct Outlook {
  ModelVersion wanted;
  std::optional<AnnouncedSoon> announced = {};
};

/// Where a follower learns and gets what it follows. One thread at a time, but for `wake`.
class Feed {
 public:
  virtual ~Feed() = default;

  /// Throws Error when it cannot be said: nothing is there, nothing can be reached.
  virtual Outlook look() = 0;

  /// The verified files of a version. Of a label they are those that it names now, whose version
  /// may be another one than was asked for. Throws Error.
  virtual Files fetch(const ModelVersion& version) = 0;

  /// Holds files where they are.
  virtual std::vector<HeldFile> hold(const Files& files) = 0;

  /// False when one of the files held is not what it was when it was held.
  [[nodiscard]] virtual bool unchanged(const std::vector<HeldFile>& files) const = 0;

  /// Returns when something may have changed, when woken, or after `limit`.
  virtual void wait(std::chrono::milliseconds limit) = 0;
  virtual void wake() noexcept = 0;
};

/// The registry and store that a client of `options` uses, by a connection of its own. Once `stop`
/// is set, every call ends soon with Error{interrupted}.
std::unique_ptr<Feed> open_client_feed(ClientOptions options, const Reference& reference,
                                       const ReloadOptions& reload, const std::atomic<bool>& stop);

}  // namespace algoctl
