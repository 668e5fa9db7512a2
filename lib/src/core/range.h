#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "algoctl/version.h"

namespace algoctl {

/// One bound of a range: `>=1.2.0`.
struct Comparator {
  enum class Op { any, less, less_equal, equal, greater_equal, greater };

  Op op = Op::any;
  Version version{0, 0, 0};

  /// A lower bound that came from `1.2`, `^1` or `1.2.3 - 2` and not from a full version: when
  /// prereleases count, `-0` stands behind it, so that `^1` holds 1.0.0-rc.1 too.
  bool widens = false;

  /// `*`, and `>=0.0.0`, which npm takes for the same unless all prereleases are asked for.
  bool everything = false;
};

/// What must hold all at once: `>=1.2 <2`.
using Comparators = std::vector<Comparator>;

/// The range of a selector in npm's dialect: one of `alternatives` must hold. As npm's `semver` 7.8
/// reads it, strict mode; with these differences, each on purpose:
/// - a comma is AND too (`>=1.2,<2`, as cargo and pip write it);
/// - an empty range or alternative (``, `1 ||`) is refused: npm takes it for `*`;
/// - `*` and `+build` stand only where a version's part may: npm cuts them out of any text, so that
///   it reads `1.2.3*` as 1.2.3; in the same way it loses an operator of `~> >1.2`, refused here;
/// - white space is blanks and tabs, and a range has at most 1,024 bytes;
/// - whether a range is well formed does not depend on prereleases being asked for (npm: `1 -
/// =1.2.3`).
struct Range {
  std::vector<Comparators> alternatives;

  /// One alternative is `*`. Then prereleases that others name do not count, unless all are asked
  /// for: npm makes `* || 1.2.3-rc.1` a `*`.
  bool everything = false;
};

struct ParsedRange {
  std::optional<Range> range;  ///< nullopt when the text is no range
  std::string_view misfit;     ///< then: the part of the text that does not fit; may be empty
};

ParsedRange parse_range(std::string_view text);

/// True when `version` is in the range. A prerelease is only when a comparator of the alternative
/// that holds names a prerelease of the same major.minor.patch, or when `prereleases`.
bool admits(const Range& range, const Version& version, bool prereleases);

/// One alternative as a stretch of the version order, for a search by index. Its candidates are the
/// releases between the ends, and the prereleases between the ends whose major.minor.patch is one
/// of `prerelease_tuples`.
struct Interval {
  std::optional<Version> low;  ///< nullopt: no lower end
  bool low_inclusive = false;
  std::optional<Version> high;  ///< nullopt: no upper end
  bool high_inclusive = false;
  std::vector<Version> prerelease_tuples;  ///< releases; those without a prerelease inside left out
};

/// The alternatives in order, impossible ones left out. With `prereleases`, all prereleases between
/// the ends are candidates, and `prerelease_tuples` is empty. The union is what admits() admits.
std::vector<Interval> intervals(const Range& range, bool prereleases);

}  // namespace algoctl
