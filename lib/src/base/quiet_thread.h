#pragma once

#include <functional>
#include <thread>

namespace algoctl {

/// A thread in which no signal is handled: those are for the threads of the program. `body` must
/// not throw. Throws Error{storage} when there cannot be one more thread.
std::thread quiet_thread(std::function<void()> body);

}  // namespace algoctl
