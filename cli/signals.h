#pragma once

#include <atomic>

namespace algoctl::cli {

/// The first SIGINT or SIGTERM sets the stop flag; a second one ends the process at once.
/// SIGPIPE is ignored: write(2) reports it.
void catch_signals();

/// True once the process was asked to stop.
const std::atomic<bool>& stop_flag() noexcept;

/// 128 + the signal that asked to stop; 130 when none did.
int interrupted_status() noexcept;

}  // namespace algoctl::cli
