#include "registry/registry.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <optional>
#include <utility>

#include "algoctl/error.h"
#include "base/file.h"
#include "base/filesystem.h"
#include "base/hash.h"
#include "base/scratch_folder.h"
#include "base/text.h"
#include "registry/commit_mark.h"
#include "registry/generation.h"
#include "registry/migrate.h"
#include "registry/settings.h"
#include "registry/sqlite_db.h"

namespace algoctl {
namespace {

constexpr const char* kScratch = ".registry-new-";

/// The file itself, not what a link leads to.
std::optional<struct stat> entry_at(const std::string& path) {
  struct stat info {};
  if (::lstat(path.c_str(), &info) == 0) return info;
  if (errno == ENOENT) return std::nullopt;
  throw_errno("cannot look at registry " + quoted(path), errno);
}

void check_entry(const std::string& path, const struct stat& info) {
  if (S_ISLNK(info.st_mode)) {
    throw Error(Code::storage, "registry " + quoted(path) + " is a symbolic link",
                "name the file it leads to: its side files lie beside it");
  }
  if (!S_ISREG(info.st_mode)) {
    throw Error(Code::storage, "registry " + quoted(path) + " is no regular file",
                "name another --registry or --home");
  }
  if (info.st_size == 0) {
    throw Error(Code::integrity, "registry " + quoted(path) + " is damaged: the file is empty",
                "nothing was written; restore the file from a backup");
  }
}

void check_filesystem(const std::string& path, bool allowed) {
  if (allowed) return;
  if (const auto kind = network_filesystem(path)) {
    throw Error(Code::storage,
                "registry " + quoted(path) + " lies on a network file system (" + *kind +
                    "), where SQLite's locks cannot be trusted",
                "use a local --home, or insist with --allow-network-filesystem");
  }
}

/// Marks that a transaction is under way.
class Inside {
 public:
  explicit Inside(bool& mark) : mark_(mark) { mark_ = true; }
  ~Inside() { mark_ = false; }
  Inside(const Inside&) = delete;
  Inside& operator=(const Inside&) = delete;

 private:
  bool& mark_;
};

/// Holds the transaction's end in one place: commit when the body returns, roll back when it
/// throws.
void transact(Db& db, Db::Access access, const std::function<void(Db&)>& body) {
  Transaction transaction(db, access);
  body(db);
  transaction.commit();
}

/// Brings everything into the one file, which gets its name without its log.
void require_whole(Db& db, const std::string& draft) {
  db.script("PRAGMA wal_checkpoint(TRUNCATE)");
  if (Log::of(draft) == Log()) return;
  throw Error(Code::storage, "cannot write " + quoted_path(draft) + " to the disk",
              "check the disk, and the room on it");
}

}  // namespace

Registry::Registry(RegistryOptions options) : options_(std::move(options)) {}
Registry::~Registry() = default;

bool Registry::exists() const { return entry_at(options_.path).has_value(); }

void Registry::read(const std::function<void(Db&)>& body) {
  const std::lock_guard lock(mutex_);
  if (inside_) return body(*db_);
  notice_another_file();
  Db& db = reader();
  const Inside inside(inside_);
  transact(db, Db::Access::read, body);
}

void Registry::write(const std::function<void(Db&)>& body) {
  const std::lock_guard lock(mutex_);
  if (inside_) throw Error(Code::internal, "a write inside another transaction of the registry");
  notice_another_file();
  Db& db = writer();
  {
    const Inside inside(inside_);
    transact(db, Db::Access::write, body);
  }
  touch_generation(options_.path);
}

void Registry::recycle_log() noexcept try {
  const std::lock_guard lock(mutex_);
  if (!inside_) writer().script("PRAGMA wal_checkpoint(RESTART)");
} catch (const Error&) {
  // Then there is no room to be had this way.
}

/// A process that runs for long would go on with a registry that was removed, or replaced by one
/// from a backup, and never know.
void Registry::notice_another_file() {
  if (!db_ || empty_) return;
  struct stat info {};
  const bool there = ::lstat(options_.path.c_str(), &info) == 0;
  if (there && info.st_dev == opened_.device && info.st_ino == opened_.inode) return;
  if (!there && errno != ENOENT) return;  // the next statement says what is wrong
  db_.reset();
  writable_ = false;
}

Db& Registry::reader() {
  // A registry that was absent may have been made by now.
  if (!db_ || (empty_ && exists())) {
    empty_ = !exists();
    if (empty_ && !options_.may_make) {
      throw Error(Code::storage, "there is no registry at " + quoted(options_.path),
                  "check --registry and ALGOCTL_REGISTRY; `algoctl init` makes the default one");
    }
    db_ = empty_ ? open_sqlite({":memory:", SqliteOptions::Mode::create, options_.timeout, nullptr})
                 : open(false);
    if (empty_) migrate(*db_, options_.path);
    writable_ = false;
  }
  return *db_;
}

Db& Registry::writer() {
  if (!db_ || !writable_) {
    const bool looked_at = db_ && !empty_;
    if (!looked_at && !exists()) make_file();
    db_ = looked_at ? open_for_writing() : open(true);
    sweep_scratch_folders(folder_of(options_.path), kScratch);
    empty_ = false;
    writable_ = true;
  }
  return *db_;
}

std::unique_ptr<Db> Registry::open_for_writing() const {
  const std::string& path = options_.path;
  if (::access(path.c_str(), W_OK) != 0) {
    throw_errno("cannot write registry " + quoted(path), errno);
  }
  return open_sqlite({path, SqliteOptions::Mode::read_write, options_.timeout, options_.stop});
}

std::unique_ptr<Db> Registry::open(bool for_writing) {
  const std::string& path = options_.path;
  if (const auto entry = entry_at(path)) check_entry(path, *entry);
  check_filesystem(path, options_.allow_network_filesystem);
  // Looked at first without the right to write, so that what is no registry is never written to.
  // Its stamp before it is opened: of two files that change places the older one's is noticed.
  if (const auto entry = entry_at(path)) opened_ = stamp_of(*entry);
  auto db = open_sqlite({path, SqliteOptions::Mode::read_only, options_.timeout, options_.stop});
  const SchemaState schema = check_schema(*db, path);
  if (!for_writing && schema.current) return db;
  if (!for_writing && (!options_.may_migrate || ::access(path.c_str(), W_OK) != 0)) {
    throw Error(Code::storage,
                "registry " + quoted(path) + " has the older schema " +
                    std::to_string(schema.version) + " and may not be written",
                "let somebody who may write it run any algoctl command once");
  }
  db = open_for_writing();
  if (!schema.current) migrate(*db, path);
  return db;
}

/// Makes the file complete under another name first: a registry is never seen half made.
void Registry::make_file() {
  const std::string& path = options_.path;
  if (!options_.may_make) {
    throw Error(Code::storage, "there is no registry at " + quoted(path),
                "check --registry and ALGOCTL_REGISTRY; `algoctl init` makes the default one");
  }
  const std::string folder = folder_of(path);
  check_filesystem(path, options_.allow_network_filesystem);
  make_folders(folder);
  const ScratchFolder scratch(folder, kScratch);
  const std::string draft = scratch.path() + "/registry.db";
  {
    auto db = open_sqlite({draft, SqliteOptions::Mode::create, options_.timeout, options_.stop});
    migrate(*db, draft);
    Transaction transaction(*db, Db::Access::write);
    set_setting(*db, "registry_id", to_hex(random_bytes(16)));
    transaction.commit();
    require_whole(*db, draft);
  }
  const Fd file = open_file(draft, O_RDONLY);
  share_file(file.get(), draft, folder);
  sync_file(file.get(), draft);
  // EEXIST: another process was faster, and its registry is the one.
  if (::link(draft.c_str(), path.c_str()) != 0 && errno != EEXIST) {
    throw_errno("cannot make registry " + quoted(path), errno);
  }
  sync_folder(folder);
}

}  // namespace algoctl
