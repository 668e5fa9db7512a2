#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "algoctl/error.h"
#include "algoctl/model_version.h"
#include "algoctl/replica.h"
#include "algoctl/resolve.h"

namespace algoctl {

/// The verified files of a version, for the function that loads a model from them. They stay where
/// they are as long as the model is served. A value; safe to share between threads.
class ALGOCTL_EXPORT Files {
 public:
  Files(ModelVersion version, PullResult pulled);

  [[nodiscard]] const ModelVersion& version() const noexcept { return version_; }

  [[nodiscard]] const Algorithm& algorithm() const noexcept { return pulled_.algorithm; }

  /// The path of the only file. Throws Error{usage} naming the slots when there are several.
  [[nodiscard]] const std::string& path() const;

  /// The path of a slot's file. Throws Error{not_found} with the nearest slot.
  [[nodiscard]] const std::string& path(std::string_view slot) const;

  /// The folder that holds all of them under their labels' names.
  [[nodiscard]] const std::string& folder() const noexcept { return pulled_.folder; }

  /// In the manifest's order.
  [[nodiscard]] const std::vector<PulledFile>& all() const noexcept { return pulled_.files; }

 private:
  ModelVersion version_;
  PullResult pulled_;
};

/// Whether the next model is loaded beside the one that is served.
enum class Overlap {
  load_then_unload,  ///< two models for a moment; there always is one to serve
  unload_then_load,  ///< for models that fit once: none is served meanwhile, and handles are empty
};

struct ReloadFailure {
  Code code;
  std::string message;
  std::string hint;
  std::int64_t at;  ///< milliseconds since 1970, UTC
};

/// Something that a Model did. Callbacks get it on the thread that reloads.
struct ReloadEvent {
  enum class Kind {
    loading,   ///< `version` is being brought and loaded
    prepared,  ///< `version` is loaded and warm, and waits for its instant
    switched,  ///< `version` is served from now on
    failed,    ///< `failure` happened; what was served is served on
    stale,     ///< for `max_staleness` nobody could say what the reference means
  };
  Kind kind;
  std::optional<ModelVersion> version;
  std::optional<ReloadFailure> failure;
};

/// How a Model follows its reference. No time may be negative.
struct ReloadOptions {
  std::chrono::milliseconds poll{30000};    ///< how often it asks what the reference means
  double jitter = 0.1;                      ///< up to this part of `poll` less, at random
  bool watch = true;                        ///< hear of changes on this machine at once
  std::chrono::milliseconds backoff{1000};  ///< after a failure; twice as long after the next one
  std::chrono::milliseconds longest_backoff{60000};
  std::chrono::milliseconds max_staleness{0};  ///< 0: it is never called stale
  Overlap overlap = Overlap::load_then_unload;
  bool prereleases = false;  ///< ranges and `latest` admit prereleases
  bool report = true;        ///< be seen by `algoctl replicas` and by promotions that wait
  std::string name;          ///< what it is called there; at most 255 bytes
  std::function<void(const ReloadEvent&)> on_event;
  std::function<std::int64_t()> clock;  ///< milliseconds that never go back; empty: the system's
};

struct ReloadCounts {
  std::int64_t looks = 0;     ///< times that it was asked what the reference means
  std::int64_t loads = 0;     ///< times that a model was loaded
  std::int64_t switches = 0;  ///< times that one began to be served
  std::int64_t failures = 0;
};

/// What a Model is doing. A value.
struct ReloadStatus {
  ReplicaState state = ReplicaState::loading;
  std::optional<ModelVersion> serving;
  std::optional<ModelVersion> wanted;         ///< what the reference meant when last asked
  std::optional<ModelVersion> prepared;       ///< loaded, and waiting for its instant
  std::optional<ReloadFailure> last_error;    ///< cleared when all is as it should be
  std::chrono::milliseconds next_attempt{0};  ///< from now
  std::int64_t confirmed_at = 0;  ///< that nothing newer was wanted: milliseconds since 1970, UTC
  bool stale = false;             ///< not confirmed for `max_staleness`
  std::string report_error;       ///< why it cannot be seen by others; empty: it can
  ReloadCounts counts;
};

}  // namespace algoctl
