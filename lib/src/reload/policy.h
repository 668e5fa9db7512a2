#pragma once

#include <cstdint>
#include <optional>

#include "algoctl/model_version.h"
#include "algoctl/reload_options.h"

namespace algoctl {

/// A version that a rollout asks to have ready, before the reference means it.
struct Announced {
  ModelVersion version;
  std::optional<std::int64_t> switch_at = {};  ///< on the reloader's clock; none: not agreed yet
};

/// What is wanted and could not be loaded, and when to try it again.
struct Refused {
  ModelVersion version;
  std::int64_t retry_at;
};

/// All that decides what a reloader does next. Times are milliseconds on its clock.
struct Situation {
  std::int64_t now = 0;
  std::int64_t next_look = 0;
  bool asked = false;  ///< by `reload_now`, since the last look
  bool heard = false;  ///< a commit, since the last look
  std::optional<ModelVersion> serving = {};
  std::optional<ModelVersion> ready = {};   ///< loaded and warm, not served yet
  std::optional<ModelVersion> wanted = {};  ///< what the reference meant at the last look
  std::optional<Announced> announced = {};
  std::optional<Refused> refused = {};
  /// What is announced and could not be loaded: the rollout has its answer, it is not tried again.
  std::optional<ModelVersion> nacked = {};
};

/// What to do next.
struct Step {
  enum class Kind {
    look,    ///< ask what the reference means, and what is announced
    load,    ///< bring `version`, load it, warm it up, keep it ready
    swap,    ///< serve what is ready
    forget,  ///< destroy what is ready: nobody wants it any more
    wait,    ///< until `until`, or until something is heard or asked
  };
  Kind kind;
  std::optional<ModelVersion> version = {};
  std::int64_t until = 0;
};

/// A pure function: the same situation always gives the same step, and a step that was taken, well
/// or not, leads to another situation. What is asked or heard comes first, then what is wanted,
/// then what is only announced, then a look that is due; what was refused waits for its time, but
/// never keeps from looking, nor from what is announced: that may be the way out.
Step next_step(const Situation& situation);

/// What a situation looks like from outside.
struct Standing {
  ReplicaState state;
  std::optional<ModelVersion>
      about;  ///< what is being loaded, ready or refused; else what is served
};

/// `under_way`: the step that is being taken, or nullptr.
Standing standing_of(const Situation& situation, const Step* under_way);

/// How long to wait after the n-th failure in a row (from 1): `first`, then twice as long each
/// time, up to `longest`; less up to a quarter of it by `chance`, from 0 to 1, so that replicas
/// that failed together do not come back together.
std::int64_t backoff_ms(int failures, std::int64_t first, std::int64_t longest, double chance);

/// The time until the next look: `poll`, less up to `jitter` of it by `chance`, from 0 to 1; at
/// least 1.
std::int64_t poll_ms(const ReloadOptions& options, double chance);

}  // namespace algoctl
