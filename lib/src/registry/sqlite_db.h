#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <string>

#include "registry/db.h"

namespace algoctl {

struct SqliteOptions {
  enum class Mode { read_only, read_write, create };

  std::string path;  ///< `:memory:` for a database of its own in memory
  Mode mode = Mode::read_only;
  std::chrono::milliseconds timeout{30000};  ///< longest wait for a lock
  const std::atomic<bool>* stop = nullptr;   ///< true: end a wait with Error{interrupted}
};

/// Opens a database file with the settings of docs/formats.md, "Registry". Says nothing of what is
/// in it. Write transactions of one file queue at `PATH.lock`, since SQLite's own wait is unfair.
std::unique_ptr<Db> open_sqlite(const SqliteOptions& options);

}  // namespace algoctl
