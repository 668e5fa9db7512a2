#include "registry/generation.h"

#include <fcntl.h>
#include <sys/stat.h>

#include "registry/side_file.h"

namespace algoctl {

std::string generation_file(const std::string& registry) { return registry + ".generation"; }

void touch_generation(const std::string& registry) noexcept {
  const Fd file = open_side_file(generation_file(registry), O_WRONLY);
  if (file) static_cast<void>(::futimens(file.get(), nullptr));
}

}  // namespace algoctl
