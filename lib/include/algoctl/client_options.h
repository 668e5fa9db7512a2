#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "algoctl/export.h"

namespace algoctl {

/// How far a transfer has come. Bytes; `total` is -1 while it is not known.
struct Progress {
  std::string name;
  std::int64_t done;
  std::int64_t total;
};

struct ClientOptions {
  std::string home;  ///< folder of registry and store
  std::string
      registry;       ///< path or `sqlite:` URL of a registry that must be there; empty: the home's
  std::string store;  ///< path or URL (docs/stores.md); empty: what the registry remembers
  std::string cache;  ///< folder of views and stamps; empty: nothing is remembered
  std::int64_t cache_size = std::int64_t{10}
                            << 30;           ///< bytes; what is more is removed, oldest first
  std::string actor;                         ///< who is written down for what changes
  std::chrono::milliseconds timeout{30000};  ///< longest wait for a lock or a server
  bool allow_network_filesystem = false;     ///< of the registry: SQLite cannot be trusted there
  bool may_migrate = true;  ///< false: reading refuses an older registry, which it else updates
  /// A variable of the environment, where stores find credentials and endpoints; nullopt when it is
  /// not set. Empty: none is. Called from any thread.
  std::function<std::optional<std::string>(const std::string& name)> variable;
  std::int64_t limit_rate = 0;              ///< bytes a second, to and from a server; 0: no limit
  const std::atomic<bool>* stop = nullptr;  ///< true: give up soon with Error{interrupted}
  std::function<void(const Progress&)>
      progress;  ///< called about every MiB, from the calling thread
  /// What a person should know, though nothing failed; from the calling thread. May be empty.
  std::function<void(const std::string& text)> warn;
  std::function<std::int64_t()> now;  ///< milliseconds since 1970, UTC; empty: the system's
};

/// The library's version: `1.2.3`.
ALGOCTL_EXPORT const char* library_version() noexcept;

}  // namespace algoctl
