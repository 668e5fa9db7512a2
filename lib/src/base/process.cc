#include "base/process.h"

#include <limits.h>
#include <signal.h>
#include <sys/types.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "base/file.h"

namespace algoctl {
namespace {

std::string boot_and_namespace() {
  std::string boot = read_file("/proc/sys/kernel/random/boot_id", 64).value_or("");
  while (!boot.empty() && boot.back() == '\n') boot.pop_back();
  // Containers share the boot but not the process ids.
  std::array<char, 64> name{};
  const ssize_t size = ::readlink("/proc/self/ns/pid", name.data(), name.size());
  return boot + "/" + (size > 0 ? std::string(name.data(), static_cast<std::size_t>(size)) : "");
}

}  // namespace

ProcessIdentity this_process() {
  std::array<char, HOST_NAME_MAX + 1> host{};
  if (::gethostname(host.data(), host.size() - 1) != 0) host[0] = '\0';
  return {host.data(), boot_and_namespace(), ::getpid()};
}

Life life_of(const std::string& boot, std::int64_t pid) {
  if (boot != boot_and_namespace()) return Life::unknown;
  const bool gone = ::kill(static_cast<pid_t>(pid), 0) != 0 && errno == ESRCH;
  return gone ? Life::ended : Life::running;
}

}  // namespace algoctl
