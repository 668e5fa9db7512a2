#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "algoctl/reference.h"

namespace algoctl {

struct GcOptions {
  std::optional<std::int64_t> keep_last;  ///< this many former objects of each label, and views
  std::optional<std::chrono::milliseconds>
      keep_for;  ///< what a label left, or was used, since then
  /// How long an object that nothing needs stays in the trash.
  std::chrono::milliseconds grace{std::chrono::hours(1)};
  bool dry_run = false;
};

/// One thing that was, or in a dry run would be, freed.
struct GcItem {
  enum class Kind {
    object,
    upload,
    view,
    copy,      ///< in the cache, of an object whose store is elsewhere
    transfer,  ///< what came of such an object before it was cut off
    stamp,
  };
  enum class Step {
    freed,
    trashed,  ///< an object that is freed after the grace, unless something needs it by then
  };

  Kind kind;
  Step step;
  std::string name;   ///< `sha256:<hex>`, an upload's id, a path
  std::int64_t size;  ///< bytes
  std::string why;
};

struct GcResult {
  std::int64_t freed = 0;    ///< bytes
  std::int64_t trashed = 0;  ///< bytes
  std::vector<std::string> warnings;
};

struct VerifyOptions {
  std::optional<Reference> reference;  ///< one version; none: everything
  bool all = false;                    ///< also objects that nothing needs
  bool repair = false;                 ///< mend what can be mended
  bool dry_run = false;                ///< say what could be mended, and mend nothing
  std::string from;                    ///< a store with second copies: its path or URL
};

/// Something that is not as it should be.
struct Fault {
  std::string kind;    ///< `object-damaged`, `journal-broken` … (docs/formats.md, "Faults")
  std::string name;    ///< what it is about
  std::string detail;  ///< what is wrong with it
  bool mended = false;
};

struct VerifyResult {
  std::int64_t objects = 0;  ///< that were read
  std::int64_t bytes = 0;
  std::int64_t faults = 0;  ///< that are left
  std::int64_t mended = 0;
  std::vector<std::string> notes;  ///< what is no fault, but should be known
};

/// One thing that the doctor looked at.
struct Checkup {
  std::string subject;  ///< `registry`, `store`, `cache`, `clock` …
  bool healthy = true;
  std::string finding;
  std::string remedy;  ///< what to do; empty when it is healthy
};

}  // namespace algoctl
