#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "algoctl/digest.h"
#include "algoctl/name.h"
#include "algoctl/version.h"

namespace algoctl {

/// What an archive holds of one algorithm.
struct ArchivedAlgorithm {
  Algorithm name;
  std::string journal_head;       ///< hexadecimal digits; empty when there is no event
  std::int64_t events;            ///< of the journal, which is always there whole
  std::vector<Version> versions;  ///< in the order in which they were published
  std::int64_t history_size;      ///< of the member with versions and events; bytes
  Digest history;
};

/// The first member of an archive (docs/formats.md, "Export"): it announces all others by size and
/// digest, so that its own digest stands for the whole. A value; no I/O.
struct ArchiveIndex {
  std::string registry;                       ///< the id of the registry that it comes from
  std::vector<ArchivedAlgorithm> algorithms;  ///< by name
  std::map<Digest, std::int64_t> manifests;   ///< digest to size in bytes
  std::map<Digest, std::int64_t> objects;     ///< the same

  /// The one text for these values.
  [[nodiscard]] std::string text() const;

  /// Reads exactly what `text` writes. Throws Error{storage} for a newer schema, Error{integrity}
  /// for anything else; `where` is what errors call it.
  static ArchiveIndex parse(std::string_view bytes, const std::string& where);
};

/// The largest index, and the most values in it (two for each manifest and object).
inline constexpr std::int64_t kLargestIndex = std::int64_t{128} << 20U;
inline constexpr std::size_t kMostIndexValues = 1'000'000;

}  // namespace algoctl
