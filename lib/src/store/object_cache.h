#pragma once

#include <string>

#include "algoctl/digest.h"
#include "base/file.h"
#include "store/stamps.h"
#include "store/store.h"

namespace algoctl {

/// Verified copies of objects whose store is not in this file system, in the user's cache:
///     objects/ab/<hex>           the copies, mode 0444
///     transfers/<hex>.part       what is on its way, and its journal beside it, which outlive a
///     kill
/// Safe to use from several threads and processes: one fetches, the others wait for it.
class ObjectCache {
 public:
  /// `cache` is the folder of Cache; made when it is needed.
  ObjectCache(const std::string& cache, Stamps stamps);

  /// The path of a copy whose bytes were verified; fetched from the store when there is none, or a
  /// damaged one. Throws as Store::fetch.
  std::string get(const Store& store, const Digest& digest, std::int64_t size,
                  const TransferOptions& options) const;

  /// Where the copy is, or would be.
  [[nodiscard]] std::string path_of(const Digest& digest) const;
  /// True when a copy is there, and its bytes are right. Throws Error{storage}.
  [[nodiscard]] bool has(const Digest& digest, std::int64_t size,
                         const TransferOptions& options) const;

 private:
  void fetch(const Store& store, const Digest& digest, std::int64_t size,
             const TransferOptions& options) const;

  std::string folder_;
  Stamps stamps_;
};

}  // namespace algoctl
