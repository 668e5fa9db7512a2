#pragma once

#include <cstdint>
#include <string>

#include "algoctl/digest.h"
#include "store/stamps.h"
#include "store/transfer.h"

namespace algoctl {

/// The digest of a regular file, which is always read, and then remembered. Throws as
/// ObjectSource::open, and Error{storage} `'PATH' changed while it was read`.
Digest hash_file(const std::string& path, const Stamps& stamps = Stamps(),
                 const TransferOptions& options = {});

/// The same, but a file whose stamp stands is not read.
Digest digest_of_file(const std::string& path, const Stamps& stamps,
                      const TransferOptions& options = {});

/// True when the file holds these bytes. Its links may come and go meanwhile. Throws as hash_file.
[[nodiscard]] bool has_digest(const std::string& path, const Digest& digest, std::int64_t size,
                              const Stamps& stamps, const TransferOptions& options = {});

/// Throws Error{integrity}, with both digests or sizes, unless the file holds these bytes;
/// Error{storage} when that cannot be found out, Error{not_found} when there is no file.
void require_digest(const std::string& path, const Digest& digest, std::int64_t size,
                    const Stamps& stamps, const TransferOptions& options = {});

/// The same, but the file is read, whatever was known of it.
void recheck(const std::string& path, const Digest& digest, std::int64_t size, const Stamps& stamps,
             const TransferOptions& options = {});

/// Remembers which digest a file has that was just written, and that nobody writes any more. Waits
/// until the clock of files has passed its time; small files are not worth that. Never throws.
void remember_written(const std::string& path, const Digest& digest, const Stamps& stamps) noexcept;

/// Throws Error{integrity}, with both sizes or digests, unless what was read of an object is it.
void require_object(const std::string& name, std::int64_t expected, std::int64_t found);
void require_object(const std::string& name, const Digest& expected, const Digest& found);

/// Copies an object into the new, empty file `to` (O_RDWR), sharing its blocks where the file
/// system can. Returns only when `to` holds exactly the bytes that `digest` names. Not durable yet.
/// Throws as require_digest; what was written then is the caller's to remove.
void copy_verified(const std::string& from, const Digest& digest, std::int64_t size, int to,
                   const std::string& to_path, const Stamps& stamps,
                   const TransferOptions& options = {});

}  // namespace algoctl
