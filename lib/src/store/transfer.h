#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "algoctl/digest.h"
#include "store/source.h"

namespace algoctl {

class PartJournal;

/// About how many bytes move between two reports of progress.
constexpr std::size_t kReportEvery = std::size_t{1} << 20U;

/// How a transfer is watched, ended and taken up again. All may be left out.
struct TransferOptions {
  /// Called about every kReportEvery bytes with the bytes done so far, on the thread that started
  /// the transfer.
  std::function<void(std::int64_t done)> progress;
  /// Set by anybody to end the transfer soon, by Error{interrupted}.
  const std::atomic<bool>* stop = nullptr;
  /// What an earlier try of the same transfer moved, where a store can go on with it.
  PartJournal* journal = nullptr;
  /// Of a put: what is there under the digest is damaged, whatever it looks like.
  bool replace = false;
};

/// What went through a transfer.
struct Transferred {
  Digest digest;
  std::int64_t size;  ///< bytes
};

/// Reads all of `source`. Throws Error{storage} when it cannot be read or changed meanwhile,
/// Error{integrity} when it is not what it must be, Error{interrupted}.
Transferred hash_source(ObjectSource& source, const TransferOptions& options = {});

/// The same; `also` sees all bytes, in order, on another thread.
Transferred hash_source(ObjectSource& source, const TransferOptions& options,
                        std::function<void(std::string_view)> also);

/// Reads all of `source` once, hashing it while it is written to the new, empty file `to` (O_RDWR);
/// 64 KiB and more of zeros become a hole, and blocks are shared where the file system can. Not
/// durable yet, but on its way to the disk. Needs 8 MiB. Throws as hash_source, and Error{storage}
/// when `to` cannot be written; `to_path` is what errors call it. What was written then is the
/// caller's to remove.
Transferred copy_hashed(ObjectSource& source, int to, const std::string& to_path,
                        const TransferOptions& options = {});

/// Makes the new, empty file `to` share all blocks of `from`, where the file system can: true when
/// done.
bool share_blocks(int from, int to) noexcept;

}  // namespace algoctl
