#pragma once

#include "context.h"

namespace algoctl::cli {

/// The pin that a reference means in the lock file, checked against the registry.
/// Throws Error{lock_mismatch} without a lock file, and where it does not fit.
Pin locked_pin(Context& ctx, const Reference& reference);

/// The version of that pin.
VersionInfo locked_version(Context& ctx, const Reference& reference);

/// Says why a version should not be chosen any more, when it is yanked.
void warn_of_yank(Context& ctx, const VersionInfo& version);
void warn_of_yank(Context& ctx, const Algorithm& algorithm, const Version& version,
                  const std::optional<Yank>& yank);

}  // namespace algoctl::cli
