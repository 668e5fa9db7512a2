#include "base/filesystem.h"

#include <sys/statfs.h>
#include <sys/sysmacros.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "base/file.h"
#include "base/text.h"

namespace algoctl {
namespace {

struct KnownType {
  unsigned long type;
  std::string_view name;
};

// From <linux/magic.h> and, where that is silent, the file systems' own sources.
constexpr std::array kNetworkTypes = {
    KnownType{0x6969, "nfs"},        KnownType{0x517b, "smb"},
    KnownType{0xff534d42, "cifs"},   KnownType{0xfe534d42, "smb2"},
    KnownType{0x5346414f, "afs"},    KnownType{0x6b414653, "kafs"},
    KnownType{0x00c36400, "ceph"},   KnownType{0x01021997, "9p"},
    KnownType{0x0bd00bd0, "lustre"}, KnownType{0x47504653, "gpfs"},
    KnownType{0x73757245, "coda"},   KnownType{0x7461636f, "ocfs2"},
    KnownType{0x01161970, "gfs2"},   KnownType{0x564c, "ncp"},
    KnownType{0x19830326, "fhgfs"},  KnownType{0x20030528, "orangefs"},
};

constexpr unsigned long kFuse = 0x65735546;

// FUSE carries local file systems too (ntfs-3g, overlays), so only these count.
constexpr std::array<std::string_view, 22> kNetworkFuse = {
    "sshfs",    "s3fs",     "glusterfs", "rclone",    "gcsfuse", "goofys", "mount-s3", "geesefs",
    "cephfs",   "ceph",     "ceph-fuse", "juicefs",   "JuiceFS", "davfs",  "davfs2",   "curlftpfs",
    "smbnetfs", "blobfuse", "blobfuse2", "seaweedfs", "moosefs", "mfs",
};

constexpr std::size_t kMountinfoLimit = std::size_t{16} << 20U;

}  // namespace

std::optional<std::string> network_filesystem_name(unsigned long type,
                                                   std::string_view mount_type) {
  const auto* known = std::find_if(kNetworkTypes.begin(), kNetworkTypes.end(),
                                   [&](const KnownType& entry) { return entry.type == type; });
  if (known != kNetworkTypes.end()) return std::string(known->name);
  if (type != kFuse || !starts_with(mount_type, "fuse.")) return std::nullopt;
  const std::string_view name = mount_type.substr(5);
  if (std::find(kNetworkFuse.begin(), kNetworkFuse.end(), name) == kNetworkFuse.end()) {
    return std::nullopt;
  }
  return std::string(mount_type);
}

std::string mount_type(std::string_view mountinfo, std::string_view device) {
  std::string found;
  for (const std::string& line : split(mountinfo, '\n')) {
    // id parent major:minor root point options [optional …] - type source options
    const std::vector<std::string> fields = split(line, ' ');
    if (fields.size() < 3 || fields[2] != device) continue;
    const auto dash = std::find(fields.begin(), fields.end(), "-");
    if (fields.end() - dash > 1) found = *(dash + 1);
  }
  return found;
}

std::optional<std::string> network_filesystem(const std::string& path) {
  std::string there = absolute_path(path);
  struct statfs info {};
  while (statfs(there.c_str(), &info) != 0) {
    if (errno == EINTR) continue;
    const bool absent = errno == ENOENT || errno == ENOTDIR;
    if (!absent || there == "/")
      throw_errno("cannot find the file system of " + quoted_path(path), errno);
    there = folder_of(there);
  }
  const auto type = static_cast<unsigned long>(info.f_type) & 0xffffffffUL;
  if (type != kFuse) return network_filesystem_name(type, {});
  const auto folder = stat_if_there(there);
  if (!folder) return std::nullopt;
  const std::string device =
      std::to_string(major(folder->st_dev)) + ":" + std::to_string(minor(folder->st_dev));
  const auto mounts = read_file("/proc/self/mountinfo", kMountinfoLimit);
  return network_filesystem_name(type, mounts ? mount_type(*mounts, device) : std::string());
}

}  // namespace algoctl
