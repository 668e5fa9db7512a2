#include "store/local_store.h"

#include <utility>

#include "algoctl/error.h"
#include "base/file.h"
#include "base/text.h"
#include "store/marker.h"
#include "store/store_url.h"
#include "store/verify.h"

namespace algoctl {
namespace {

void require_upload_id(const std::string& id) {
  constexpr const char* kAllowed = "abcdefghijklmnopqrstuvwxyz0123456789-";
  if (id.empty() || id.find_first_not_of(kAllowed) != std::string::npos) {
    throw Error(Code::internal, "malformed upload id " + quoted(id));
  }
}

[[noreturn]] void throw_no_local_store(const std::string& folder) {
  throw Error(Code::storage, "there is no store in " + quoted_path(folder),
              "check the path, and that the disk which holds it is mounted");
}

}  // namespace

LocalStore::LocalStore(std::string folder, std::string id, std::string owner, Stamps stamps)
    : folder_(std::move(folder)),
      id_(std::move(id)),
      owner_(std::move(owner)),
      stamps_(std::move(stamps)) {}

std::unique_ptr<LocalStore> LocalStore::find(const std::string& folder, const Stamps& stamps) {
  const std::string path = absolute_path(folder);
  auto marker = read_marker(path);
  if (!marker) return nullptr;
  return std::unique_ptr<LocalStore>(
      new LocalStore(path, std::move(marker->id), std::move(marker->owner), stamps));
}

std::unique_ptr<LocalStore> LocalStore::open(const std::string& folder, const Stamps& stamps) {
  auto store = find(folder, stamps);
  if (!store) throw_no_local_store(absolute_path(folder));
  return store;
}

std::unique_ptr<LocalStore> LocalStore::create(const std::string& folder, const std::string& owner,
                                               const Stamps& stamps) {
  const std::string path = absolute_path(folder);
  if (!read_marker(path)) {
    make_folders(path + "/objects/sha256");
    make_folders(path + "/staging");
    // Whoever made them may have been killed before they were on the disk.
    sync_folder(path + "/objects");
    sync_folder(path);
  }
  write_marker_if_none(path, owner);
  return open(path, stamps);
}

std::string LocalStore::url() const { return file_url(folder_); }

std::string LocalStore::object_path(const Digest& digest) const {
  const std::string hex = digest.hex();
  return folder_ + "/objects/sha256/" + hex.substr(0, 2) + "/" + hex;
}

std::optional<std::string> LocalStore::local_path(const Digest& digest) const {
  std::string path = object_path(digest);
  if (stat_if_there(path)) return path;
  require_marker();
  return std::nullopt;
}

bool LocalStore::has(const Digest& digest, std::int64_t size) const {
  const auto info = stat_if_there(object_path(digest));
  if (!info) require_marker();
  return info && S_ISREG(info->st_mode) && info->st_size == size;
}

Stored LocalStore::put(ObjectSource& source, const std::string& upload_id,
                       const TransferOptions& options) {
  if (!options.replace) {
    if (auto done = known(source, options)) return *done;
  }
  StagingFile staged = make_staging_file(upload_id);
  const Transferred bytes = copy_hashed(source, staged.fd(), staged.path(), options);
  staged.seal(kObjectMode);
  Stored stored = publish(staged, bytes, options);
  if (source.settled()) stamps_.record(*source.stamp(), bytes.digest);
  return stored;
}

void LocalStore::fetch(const Digest& digest, std::int64_t size, int to, const std::string& to_path,
                       const TransferOptions& options) const {
  const auto path = local_path(digest);
  if (!path) {
    throw Error(Code::integrity,
                "object " + digest.str() + " is not in the store " + quoted_path(folder_),
                "upload the file again, or bring it back from a copy: the same bytes mend it");
  }
  copy_verified(*path, digest, size, to, to_path, stamps_, options);
}

void LocalStore::check(const Digest& digest, std::int64_t size,
                       const TransferOptions& options) const {
  const auto path = local_path(digest);
  if (!path) {
    throw Error(Code::integrity, "it is not in the store " + quoted_path(folder_),
                "upload the file again, or bring it back from a copy: the same bytes mend it");
  }
  recheck(*path, digest, size, stamps_, options);
}

std::optional<Stored> LocalStore::known(const ObjectSource& source,
                                        const TransferOptions& options) const {
  if (!source.stamp() || !source.settled()) return std::nullopt;
  const auto digest = stamps_.find(*source.stamp());
  if (!digest) return std::nullopt;
  const Transferred bytes{*digest, source.stamp()->size};
  const std::string object = object_path(*digest);
  if (!holds(object, bytes, options)) return std::nullopt;
  sync_folders(object);
  return Stored{bytes.digest, bytes.size, false, {}};
}

void LocalStore::discard(const std::string& upload_id) {
  // The id comes from a database: it must not lead out of the folder.
  if (upload_id.find('/') != std::string::npos) return;
  const std::string path = folder_ + "/staging/" + upload_id;
  if (::unlink(path.c_str()) != 0 && errno != ENOENT) {
    throw_errno("cannot remove " + quoted_path(path), errno);
  }
}

StagingFile LocalStore::make_staging_file(const std::string& upload_id) const {
  require_upload_id(upload_id);
  // A folder that is gone may be on a disk that is not mounted: it is not to be made anew.
  require_marker();
  make_folders(folder_ + "/staging");
  return StagingFile(folder_ + "/staging/" + upload_id);
}

Stored LocalStore::publish(StagingFile& staged, const Transferred& bytes,
                           const TransferOptions& options) const {
  Stored stored{bytes.digest, bytes.size, true, {}};
  const std::string object = object_path(bytes.digest);
  make_folders(folder_of(object));
  if (!staged.move_to_new(object)) {
    stored.created = options.replace || !holds(object, bytes, options);
    if (stored.created) {
      staged.move_over(object);
      stored.warning = "object " + bytes.digest.str() + " was damaged in the store; it is mended";
    }
  }
  sync_folders(object);
  if (stored.created) remember_written(object, bytes.digest, stamps_);
  return stored;
}

bool LocalStore::holds(const std::string& object, const Transferred& bytes,
                       const TransferOptions& options) const {
  const auto info = stat_if_there(object);
  if (!info || !S_ISREG(info->st_mode)) return false;
  return has_digest(object, bytes.digest, bytes.size, stamps_, {nullptr, options.stop});
}

/// Always, and both: whoever made the object or its folder may have been killed before it got here.
void LocalStore::sync_folders(const std::string& object) const {
  const std::string folder = folder_of(object);
  sync_folder(folder);
  sync_folder(folder_of(folder));
}

/// A store that went away is an error, never an object that is not there.
void LocalStore::require_marker() const {
  if (!stat_if_there(folder_ + "/store.json")) throw_no_local_store(folder_);
}

}  // namespace algoctl
