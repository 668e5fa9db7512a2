#pragma once

#include <optional>
#include <string>
#include <vector>

#include "algoctl/manifest.h"
#include "algoctl/publish.h"

namespace algoctl {

/// The number of the next release. `highest` is the highest release of the line published to, or of
/// all; `open` the highest prerelease above it, which a publish without a bump releases.
Version next_release(const std::optional<Version>& highest, const std::optional<Version>& open,
                     Bump bump, bool on_line);

/// `RELEASE-ID.N`, one more than the highest N among `taken`, which are prereleases of that
/// release.
Version next_prerelease(const Version& release, const std::string& id,
                        const std::vector<Version>& taken);

/// The highest `RELEASE-ID.N` among `taken`.
std::optional<Version> highest_of_series(const Version& release, const std::string& id,
                                         const std::vector<Version>& taken);

/// Throws Error{usage} unless `id` may name a series of prereleases: one identifier, not a number.
void check_series(const std::string& id);

/// What becomes of the slots of a working copy that was made from `base` when `theirs` is newer.
struct Merge {
  std::vector<ModelFile> models;  ///< mine where I changed something, theirs elsewhere
  std::vector<Slot> outdated;     ///< not changed here, other bytes there
  std::vector<Slot> conflicts;    ///< changed here and there, to different bytes
};
Merge merge_models(const std::vector<ModelFile>& base, const std::vector<ModelFile>& mine,
                   const std::vector<ModelFile>& theirs);

}  // namespace algoctl
