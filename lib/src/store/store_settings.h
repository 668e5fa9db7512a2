#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "store/stamps.h"

namespace algoctl {

/// What a store is opened with. A store in a folder needs the stamps alone.
struct StoreSettings {
  Stamps stamps = Stamps();
  std::string scratch;  ///< folder for journals and what is on its way; empty: nothing is resumed
  /// A variable of the environment, for credentials and endpoints; nullopt when it is not set.
  /// Empty: none is.
  std::function<std::optional<std::string>(const std::string& name)> variable;
  std::chrono::milliseconds timeout{30000};  ///< longest wait for a server
  std::int64_t bytes_per_second = 0;         ///< of all transfers; 0: no limit
  /// What all stores hold that keep to this rate together, see http::LoopOptions; nullptr: each
  /// connection's thread does by itself.
  std::shared_ptr<std::int64_t> pace;
  const std::atomic<bool>* stop = nullptr;  ///< true: give up soon with Error{interrupted}
  std::string user_agent;                   ///< what servers write down
  std::string url_of = "store";             ///< whose URL is opened, for messages
};

}  // namespace algoctl
