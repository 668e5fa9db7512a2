#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "algoctl/resolve.h"
#include "core/version_text.h"
#include "registry/algorithms.h"
#include "registry/db.h"

namespace algoctl {

/// The columns that `read_version` takes, from `version v` joined with `yank y`.
#define ALGOCTL_VERSION_COLUMNS                                                                  \
  "SELECT v.major, v.minor, v.patch, v.prerelease, v.build, v.seq, v.manifest, v.previous, "     \
  "v.published_at, v.published_by, v.notes, v.git_commit, v.git_remote, v.git_dirty, v.record, " \
  "y.reason, y.replacement FROM version v "                                                      \
  "LEFT JOIN yank y ON y.algorithm = v.algorithm AND y.version_seq = v.seq "

/// The current row as a version.
VersionInfo read_version(const Rows& rows, const Algorithm& algorithm);

/// The number alone, from the row's first five columns.
Version read_number(const Rows& rows);

/// More than any part of a version.
constexpr std::int64_t kAboveAnyNumber = kMaxVersionNumber + 1;

/// Empty for none.
std::string text_of(const std::optional<Version>& version);

}  // namespace algoctl
