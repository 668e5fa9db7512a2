#pragma once

#include <functional>
#include <string>

#include "algoctl/digest.h"
#include "base/file.h"
#include "store/stamps.h"
#include "store/store.h"

namespace algoctl {

/// Verified copies of objects whose bytes are not in this file system, in the user's cache:
///     objects/ab/<hex>           the copies, mode 0444
///     transfers/<hex>.part       what is on its way, and its journal beside it, which outlive a
///     kill
/// Safe to use from several threads and processes: one fetches, the others wait for it.
class ObjectCache {
 public:
  /// `cache` is the folder of Cache; made when it is needed.
  ObjectCache(const std::string& cache, Stamps stamps);

  /// Writes the bytes into a file, and goes on with a journal, as Store::fetch does.
  using Fetch =
      std::function<void(int to, const std::string& to_path, const TransferOptions& options)>;

  /// The path of a copy whose bytes were verified; fetched when there is none, or a damaged one.
  /// Throws as `fetch`.
  std::string get(const Fetch& fetch, const Digest& digest, std::int64_t size,
                  const TransferOptions& options) const;
  /// The same, from a store.
  std::string get(const Store& store, const Digest& digest, std::int64_t size,
                  const TransferOptions& options) const;

  /// Where the copy is, or would be.
  [[nodiscard]] std::string path_of(const Digest& digest) const;
  /// True when a copy is there, and its bytes are right. Throws Error{storage}.
  [[nodiscard]] bool has(const Digest& digest, std::int64_t size,
                         const TransferOptions& options) const;

 private:
  void receive(const Fetch& fetch, const Digest& digest, std::int64_t size,
               const TransferOptions& options) const;

  std::string folder_;
  Stamps stamps_;
};

}  // namespace algoctl
