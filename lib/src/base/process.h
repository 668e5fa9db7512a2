#pragma once

#include <cstdint>
#include <string>

namespace algoctl {

/// Which process of which machine is at work, so that its leavings can be told from its work.
struct ProcessIdentity {
  std::string host;
  std::string boot;  ///< the boot and the process namespace that the process id belongs to
  std::int64_t pid;
};

ProcessIdentity this_process();

/// True only when it is certain that the process has ended: it is of this boot and namespace, and
/// its id is free. Of other machines, boots and containers nothing can be said from here.
bool has_ended(const std::string& boot, std::int64_t pid);

}  // namespace algoctl
