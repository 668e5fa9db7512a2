#include "store/object_cache.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "algoctl/error.h"
#include "base/text.h"
#include "base/wait.h"
#include "store/remote/part_journal.h"
#include "store/verify.h"

namespace algoctl {
namespace {

// Up to here a copy is read each time that it is needed, which costs less than to remember what it
// was, and to go on with half of it.
constexpr std::int64_t kReadAgain = std::int64_t{256} << 10U;

/// The file in which an object arrives, for this process alone. Waits while another has it.
Fd open_part(const std::string& path, const std::atomic<bool>* stop) {
  Wait wait(std::chrono::hours(24), stop, "another process that fetches the object");
  for (;;) {
    Fd file = open_file(path, O_RDWR | O_CREAT | O_NOFOLLOW, 0600);
    while (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
      if (errno != EWOULDBLOCK && errno != EINTR) {
        throw_errno("cannot lock " + quoted_path(path), errno);
      }
      if (!wait.again()) throw Error(Code::busy, "another process fetches " + quoted_path(path));
    }
    // Whoever had it may have given it its final name, or removed it.
    struct stat ours {};
    const auto there = stat_if_there(path);
    if (::fstat(file.get(), &ours) == 0 && there && there->st_ino == ours.st_ino) return file;
  }
}

/// Of an empty file, too, that is cut off, ext4 brings all to the disk when it is closed.
void make_empty(int file, const std::string& path) {
  struct stat info {};
  if (::fstat(file, &info) == 0 && info.st_size == 0) return;
  if (::ftruncate(file, 0) != 0) throw_errno("cannot write " + quoted_path(path), errno);
}

}  // namespace

ObjectCache::ObjectCache(const std::string& cache, Stamps stamps)
    : folder_(absolute_path(cache)), stamps_(std::move(stamps)) {}

std::string ObjectCache::path_of(const Digest& digest) const {
  const std::string hex = digest.hex();
  return folder_ + "/objects/" + hex.substr(0, 2) + "/" + hex;
}

bool ObjectCache::has(const Digest& digest, std::int64_t size,
                      const TransferOptions& options) const {
  const std::string path = path_of(digest);
  const auto info = stat_if_there(path);
  return info && S_ISREG(info->st_mode) && info->st_size == size &&
         has_digest(path, digest, size, size > kReadAgain ? stamps_ : Stamps(),
                    {nullptr, options.stop});
}

std::string ObjectCache::get(const Store& store, const Digest& digest, std::int64_t size,
                             const TransferOptions& options) const {
  const auto fetch = [&](int to, const std::string& to_path, const TransferOptions& resuming) {
    store.fetch(digest, size, to, to_path, resuming);
  };
  return get(Fetch(fetch), digest, size, options);
}

std::string ObjectCache::get(const Fetch& fetch, const Digest& digest, std::int64_t size,
                             const TransferOptions& options) const {
  if (!has(digest, size, options)) receive(fetch, digest, size, options);
  return path_of(digest);
}

void ObjectCache::receive(const Fetch& fetch, const Digest& digest, std::int64_t size,
                          const TransferOptions& options) const {
  const std::string part = folder_ + "/transfers/" + digest.hex() + ".part";
  make_folders(folder_of(part));
  const Fd file = open_part(part, options.stop);
  if (has(digest, size, options)) {
    ::unlink(part.c_str());
    return;
  }
  const bool small = size <= kReadAgain;
  PartJournal journal =
      small ? PartJournal()
            : PartJournal(part + ".journal", "down " + digest.hex() + " " + std::to_string(size));
  if (journal.id().empty()) make_empty(file.get(), part);
  TransferOptions resuming = options;
  resuming.journal = &journal;
  try {
    fetch(file.get(), part, resuming);
  } catch (const Error& error) {
    // Damaged bytes help nobody; cut-off ones do, where the journal knows of them.
    if (error.code() == Code::integrity) journal.remove();
    if (journal.moved().empty()) {
      journal.remove();
      ::unlink(part.c_str());
    }
    throw;
  }
  try {
    sync_file(file.get(), part);
  } catch (const Error&) {
    // It would look right, from memory, to whoever goes on.
    journal.remove();
    ::unlink(part.c_str());
    throw;
  }
  const std::string path = path_of(digest);
  make_folders(folder_of(path), Durable::no);
  if (::rename(part.c_str(), path.c_str()) != 0) {
    if (errno == EISDIR) {
      throw Error(Code::storage, "cannot write " + quoted_path(path) + ": it is a folder",
                  "the cache is damaged: remove " + quoted_path(folder_) + ", it fills again");
    }
    throw_errno("cannot write " + quoted_path(path), errno);
  }
  // Not before: a part file that was left read-only could not be gone on with.
  if (::fchmod(file.get(), kObjectMode) != 0) {
    throw_errno("cannot write " + quoted_path(path), errno);
  }
  journal.remove();
  if (!small) remember_written(path, digest, stamps_);
}

}  // namespace algoctl
