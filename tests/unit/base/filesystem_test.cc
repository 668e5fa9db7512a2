#include "base/filesystem.h"

#include <doctest/doctest.h>

#include "support/temporary_folder.h"

namespace algoctl {

TEST_CASE("network_filesystem_name: what counts as a network file system") {
  struct Case {
    unsigned long type;
    const char* mount;
    const char* name;  // empty: local
  };
  constexpr unsigned long kFuse = 0x65735546;
  for (const Case& c : {
           Case{0x6969, "", "nfs"},
           Case{0x517b, "", "smb"},
           Case{0xff534d42, "", "cifs"},
           Case{0xfe534d42, "", "smb2"},
           Case{0x5346414f, "", "afs"},
           Case{0x00c36400, "", "ceph"},
           Case{0x01021997, "", "9p"},
           Case{0x0bd00bd0, "", "lustre"},
           Case{0x47504653, "", "gpfs"},
           Case{0x73757245, "", "coda"},
           Case{0x7461636f, "", "ocfs2"},
           Case{0x01161970, "", "gfs2"},
           Case{0xef53, "", ""},      // ext4
           Case{0x58465342, "", ""},  // xfs
           Case{0x9123683e, "", ""},  // btrfs
           Case{0x01021994, "", ""},  // tmpfs
           Case{0x794c7630, "", ""},  // overlayfs
           Case{0x2fc12fc1, "", ""},  // zfs
           Case{kFuse, "fuse.sshfs", "fuse.sshfs"},
           Case{kFuse, "fuse.s3fs", "fuse.s3fs"},
           Case{kFuse, "fuse.glusterfs", "fuse.glusterfs"},
           Case{kFuse, "fuse.rclone", "fuse.rclone"},
           Case{kFuse, "fuse.gcsfuse", "fuse.gcsfuse"},
           Case{kFuse, "fuseblk", ""},  // ntfs-3g
           Case{kFuse, "fuse.bindfs", ""},
           Case{kFuse, "fuse", ""},
           Case{kFuse, "", ""},
           Case{0xef53, "fuse.sshfs", ""},  // the mount's name counts for FUSE only
       }) {
    CAPTURE(c.type);
    CAPTURE(std::string(c.mount));
    CHECK(network_filesystem_name(c.type, c.mount).value_or("") == c.name);
  }
}

TEST_CASE("mount_type: finds a mount by its device, the last one that lies on top") {
  const char* mounts =
      "22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw\n"
      "30 22 0:26 / /mnt/a\\040b rw,nosuid - fuse.sshfs host:/srv rw,user_id=0\n"
      "31 22 0:27 / /mnt/c rw master:1 shared:2 - fuse.s3fs s3fs rw\n"
      "32 31 0:27 / /mnt/d rw - fuse.rclone remote rw\n"
      "33 31 0:28 / /mnt/e rw -\n"
      "half a line";
  struct Case {
    const char* device;
    const char* type;
  };
  for (const Case& c : {Case{"254:0", "ext4"}, Case{"0:26", "fuse.sshfs"},
                        Case{"0:27", "fuse.rclone"}, Case{"0:28", ""}, Case{"0:2", ""}}) {
    CAPTURE(std::string(c.device));
    CHECK(mount_type(mounts, c.device) == c.type);
  }
}

TEST_CASE("network_filesystem: a local folder is local, and so is what is not there yet in it") {
  const test::TemporaryFolder folder;
  CHECK_FALSE(network_filesystem(folder.path()));
  CHECK_FALSE(network_filesystem(folder / "not/there/yet"));
  CHECK_FALSE(network_filesystem(folder.write("file", "x") + "/below/a/file"));
}

}  // namespace algoctl
