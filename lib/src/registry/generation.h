#pragma once

#include <string>

namespace algoctl {

/// The file whose time moves with everything that watchers of this machine should look at.
std::string generation_file(const std::string& registry);

/// Wakes whoever watches the registry. Only a hint: whoever misses it polls.
void touch_generation(const std::string& registry) noexcept;

}  // namespace algoctl
