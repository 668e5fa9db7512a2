#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "algoctl/digest.h"
#include "algoctl/export.h"
#include "algoctl/version.h"

namespace algoctl {

struct Range;  // core/range.h: the comparators of a range

/// Which version a caller asks for. Immutable; cheap to copy; safe to share between threads.
class ALGOCTL_EXPORT Selector {
 public:
  enum class Kind {
    latest,   ///< the highest release that is not yanked
    exact,    ///< one version, yanked or not
    range,    ///< the highest that fits and is not yanked
    channel,  ///< what a movable name points at
    digest,   ///< the version whose manifest has this digest
  };

  /// `latest`, which is also what no selector means.
  Selector();

  /// Parses what follows the `@`: npm's range dialect, `latest`, a channel's name, `sha256:<hex>`
  /// (docs/formats.md, "Selectors"). Throws Error{usage} saying what does not fit.
  static Selector parse(std::string_view text);

  static Selector exactly(const Version& version);

  [[nodiscard]] Kind kind() const noexcept { return kind_; }

  /// True when `version` satisfies this exact version, range or `latest`; false for the other
  /// kinds. A prerelease satisfies only a selector that names one with the same major.minor.patch,
  /// unless `prereleases`. Says nothing about yanks: the registry knows those.
  [[nodiscard]] bool admits(const Version& version, bool prereleases = false) const;

  /// The text as given, without surrounding white space; `latest` for no selector.
  [[nodiscard]] const std::string& str() const noexcept { return text_; }

  /// The version of an exact selector. Throws Error{internal} for the other kinds.
  [[nodiscard]] const Version& version() const;
  /// The name of a channel selector. Throws Error{internal} for the other kinds.
  [[nodiscard]] const std::string& channel() const;
  /// The manifest digest of a digest selector. Throws Error{internal} for the other kinds.
  [[nodiscard]] const Digest& digest() const;
  /// The comparators of a range selector. Throws Error{internal} for the other kinds.
  [[nodiscard]] const Range& range() const;

 private:
  struct Value;
  Kind kind_ = Kind::latest;
  std::string text_ = "latest";
  std::shared_ptr<const Value> value_;
};

/// Throws Error{usage} unless `text` may name a channel: `[a-z][a-z0-9-]{0,62}`, not `latest`,
/// `none`, `x`, nor anything that parses as a version or range.
ALGOCTL_EXPORT void check_channel_name(std::string_view text);

}  // namespace algoctl
