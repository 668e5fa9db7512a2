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

/// What is known of a process. Of other machines, boots and containers nothing can be said from
/// here; one of this boot and namespace has ended when its id is free.
enum class Life { running, ended, unknown };
Life life_of(const std::string& boot, std::int64_t pid);

}  // namespace algoctl
