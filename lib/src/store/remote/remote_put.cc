#include <fcntl.h>

#include <algorithm>

#include "algoctl/error.h"
#include "base/file.h"
#include "store/remote/remote_store.h"
#include "store/remote/send.h"

// How bytes get into a store in a bucket.

namespace algoctl {
namespace {

// Up to here to send the bytes is as quick as to ask first whether they are there.
constexpr std::int64_t kAskByPutting = std::int64_t{1} << 20U;

}  // namespace

std::optional<Stored> RemoteStore::known(const ObjectSource& source,
                                         const TransferOptions& /*options*/) const {
  if (!source.stamp() || !source.settled()) return std::nullopt;
  const auto digest = local_.stamps.find(*source.stamp());
  if (!digest) return std::nullopt;
  // That a bucket went away is found out by putting.
  const Transferred bytes{*digest, source.stamp()->size};
  if (!is_as_sent(ask_about(*digest), bytes)) return std::nullopt;
  return Stored{bytes.digest, bytes.size, false, {}};
}

std::optional<Transferred> RemoteStore::foretell(ObjectSource& source,
                                                 const TransferOptions& options) const {
  if (!source.stamp() || source.stamp()->size > usual_part()) return std::nullopt;
  const Transferred bytes = hashed(source, nullptr, options.stop);
  source.rewind();
  return bytes;
}

/// What another program put under the key is not trusted: it may have the size alone in common.
bool RemoteStore::is_as_sent(const std::optional<There>& there, const Transferred& bytes) const {
  return there && there->entry.size == bytes.size && there->sha256 == bytes.digest.hex() &&
         !damaged_.has(bytes.digest);
}

/// What a file is: remembered, or read, for which `parts` sees its bytes too.
Transferred RemoteStore::hashed(ObjectSource& source, PartHashes* parts,
                                const std::atomic<bool>* stop) const {
  if (source.settled()) {
    if (const auto known = local_.stamps.find(*source.stamp())) {
      return {*known, source.stamp()->size};
    }
  }
  const TransferOptions options{nullptr, stop};
  const Transferred bytes =
      parts == nullptr
          ? hash_source(source, options)
          : hash_source(source, options, [parts](std::string_view block) { parts->pass(block); });
  if (source.settled()) local_.stamps.record(*source.stamp(), bytes.digest);
  return bytes;
}

std::string RemoteStore::up_journal(const Digest& digest) const {
  return scratch() + "/" + digest.hex() + ".up";
}

Stored RemoteStore::put(ObjectSource& source, const std::string& /*upload_id*/,
                        const TransferOptions& options) {
  require_writable();
  if (!source.stamp()) {
    // Its name is its digest: all of it must have been read before the first byte is sent.
    make_folders(local_.scratch);
    const Fd copy = open_file(local_.scratch, O_TMPFILE | O_RDWR, 0600);
    const Transferred bytes = copy_hashed(source, copy.get(), local_.scratch, options);
    PartHashes hashes(copy.get(), source.name(),
                      spans_of(bytes.size, part_size_for(bytes.size, talk_->bucket().limits())),
                      options.stop);
    return put_file(
        copy.get(), bytes, [] {}, hashes, options);
  }
  const std::int64_t size = source.stamp()->size;
  PartHashes hashes(source.fd(), source.name(),
                    spans_of(size, part_size_for(size, talk_->bucket().limits())), options.stop);
  const Transferred bytes = hashed(source, size > usual_part() ? &hashes : nullptr, options.stop);
  return put_file(
      source.fd(), bytes, [&] { source.require_unchanged(size); }, hashes, options);
}

Stored RemoteStore::put_file(int fd, const Transferred& bytes, const std::function<void()>& recheck,
                             PartHashes& hashes, const TransferOptions& options) {
  Uploads::Hold alone(uploads_, bytes.digest, options.stop);
  const Sending file{object_key(bytes.digest), fd, bytes.size, bytes.digest.hex(), recheck};
  Stored sent{bytes.digest, bytes.size, true, {}};
  const bool ask_by_putting = bytes.size <= std::min(kAskByPutting, usual_part());
  if (!ask_by_putting || alone.is_sent() || options.replace ||
      !put_if_new(file, bytes.digest, options)) {
    const auto there = ask_about(bytes.digest);
    if (!options.replace && is_as_sent(there, bytes)) {
      forget_parts(bytes, hashes);
      return {bytes.digest, bytes.size, false, {}};
    }
    if (there) {
      sent.warning = "object " + bytes.digest.str() + " was not as it was sent; it is sent again";
    }
    if (bytes.size <= usual_part()) {
      put_whole(file, bytes.digest, Replace::yes, options);
    } else {
      PartJournal journal = journal_of(bytes, hashes);
      send_in_parts(*talk_, file, hashes, journal, options);
    }
  }
  damaged_.remove(bytes.digest);
  alone.sent();
  return sent;
}

/// False when something is there already, or when the server cannot tell.
bool RemoteStore::put_if_new(const Sending& file, const Digest& digest,
                             const TransferOptions& options) {
  if (!takes_conditions_) return false;
  switch (put_whole(file, digest, Replace::no, options)) {
    case Sent::sent: return true;
    case Sent::is_there: return false;
    case Sent::unknown_condition: takes_conditions_ = false; return false;
  }
  return false;
}

/// A file that changed while it was sent may lie there under a digest that is not its own: not
/// every server compares.
Sent RemoteStore::put_whole(const Sending& file, const Digest& digest, Replace replace,
                            const TransferOptions& options) {
  try {
    return send_whole(*talk_, file, replace, options);
  } catch (const Error&) {
    try {
      file.recheck();
    } catch (const Error&) {
      damaged_.add(digest);
    }
    throw;
  }
}

PartJournal RemoteStore::journal_of(const Transferred& bytes, const PartHashes& hashes) const {
  if (local_.scratch.empty()) return {};
  return {up_journal(bytes.digest), "up " + bytes.digest.hex() + " " + std::to_string(bytes.size) +
                                        " " + std::to_string(hashes.spans().front().size)};
}

/// What an earlier try sent of an object that somebody else completed.
void RemoteStore::forget_parts(const Transferred& bytes, const PartHashes& hashes) {
  if (local_.scratch.empty() || !stat_if_there(up_journal(bytes.digest))) return;
  PartJournal journal = journal_of(bytes, hashes);
  const std::string id = journal.id();
  journal.remove();
  if (!id.empty() && talk_->bucket().limits().tracks_uploads) {
    discard(bytes.digest.hex() + "+" + id);
  }
}

}  // namespace algoctl
