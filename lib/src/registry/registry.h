#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "base/file.h"
#include "registry/db.h"

namespace algoctl {

struct RegistryOptions {
  std::string path;      ///< the database file
  bool may_make = true;  ///< false: an absent file is an error, not an empty registry
  std::chrono::milliseconds timeout{30000};
  bool allow_network_filesystem = false;
  bool may_migrate = true;  ///< false: an older schema is an error for whoever only reads
  const std::atomic<bool>* stop = nullptr;
};

/// The registry file: opened when first used, made when first written to, opened again when another
/// file has taken its name. Safe to call from any
/// thread; transactions take turns. Throws Error{storage}, Error{integrity}, Error{busy}.
class Registry {
 public:
  explicit Registry(RegistryOptions options);
  ~Registry();

  /// Runs `body` in a read transaction; in the one under way when called inside another body.
  /// A registry that is absent reads as an empty one.
  void read(const std::function<void(Db&)>& body);

  /// Runs `body` in a write transaction that is durable when this returns; nothing of it is there
  /// when `body` throws. Not to be called inside another body.
  void write(const std::function<void(Db&)>& body);

  /// Makes the write-ahead log ready to be written from its beginning again, so that a transaction
  /// as large as the last ones needs no room on the disk. Only a help: never throws.
  void recycle_log() noexcept;

  /// False when there is no registry yet.
  [[nodiscard]] bool exists() const;

  [[nodiscard]] const std::string& path() const noexcept { return options_.path; }

 private:
  void notice_another_file();
  Db& reader();
  Db& writer();
  std::unique_ptr<Db> open(bool for_writing);
  [[nodiscard]] std::unique_ptr<Db> open_for_writing() const;
  void make_file();

  RegistryOptions options_;
  std::recursive_mutex mutex_;
  std::unique_ptr<Db> db_;
  FileStamp opened_;       // of db_'s file; only device and inode count
  bool empty_ = false;     // db_ stands for a registry that is not there
  bool writable_ = false;  // db_ may write
  bool inside_ = false;    // a transaction is under way, in the thread that holds mutex_
};

}  // namespace algoctl
