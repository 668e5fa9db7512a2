#pragma once

#include <optional>
#include <string>
#include <vector>

#include "algoctl/digest.h"
#include "algoctl/export.h"
#include "algoctl/manifest.h"
#include "algoctl/reference.h"

namespace algoctl {

/// One algorithm in a lock file: what its selector meant when it was pinned, down to the bytes.
struct Pin {
  Algorithm algorithm;
  Selector selector;
  Version version;
  Digest manifest_sha256;
  Digest journal_head;            ///< of the algorithm's journal when it was pinned
  std::vector<ModelFile> models;  ///< in the manifest's order
};

/// `algoctl.lock` (docs/formats.md, "Lock file"). A value; no I/O.
struct ALGOCTL_EXPORT Lock {
  std::vector<Pin> pins;  ///< one per algorithm, sorted by name

  /// `where` is what errors call the text. Throws Error{usage} with line and column.
  static Lock parse(std::string_view bytes, std::string_view where);

  /// The same pins always give the same bytes.
  [[nodiscard]] std::string text() const;

  /// The pin of an algorithm, or nullptr. Valid until `pins` changes.
  [[nodiscard]] const Pin* find(const Algorithm& algorithm) const noexcept;

  /// The pin that `reference` means. Throws Error{lock_mismatch} when there is none, or when it was
  /// pinned for another selector and is no version that this one admits.
  [[nodiscard]] const Pin& require(const Reference& reference) const;
};

struct PinOptions {
  std::string lock;                   ///< path of the lock file
  std::vector<Reference> references;  ///< none: the ones there
  bool update = false;                ///< resolve again what is there already
  bool locked = false;  ///< change nothing; throw Error{lock_mismatch} where it does not fit
  bool prereleases = false;
  bool dry_run = false;
};

/// A pin, and what its selector means now.
struct Outdated {
  Algorithm algorithm;
  Selector selector;
  Version locked;
  std::optional<Version> current;  ///< none: nothing matches any more
};

/// Reads and parses a lock file; nullopt when there is none.
ALGOCTL_EXPORT std::optional<Lock> read_lock(const std::string& path);

}  // namespace algoctl
