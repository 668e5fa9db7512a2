#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace algoctl {

/// The name of a network file system, `nfs` or `fuse.sshfs`, by the type that statfs(2) reports
/// and, for FUSE, the name in the table of mounts; nullopt for a local one.
std::optional<std::string> network_filesystem_name(unsigned long type, std::string_view mount_type);

/// The type of the mount `device`, `major:minor`, in a text like /proc/self/mountinfo; empty when
/// it is not there.
std::string mount_type(std::string_view mountinfo, std::string_view device);

/// The name of the network file system that holds the path, or its nearest parent that is there;
/// nullopt when it is local. Throws Error{storage} when that cannot be found out.
std::optional<std::string> network_filesystem(const std::string& path);

}  // namespace algoctl
