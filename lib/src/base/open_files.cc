#include "base/open_files.h"

#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <cstdio>
#include <fstream>
#include <string>

#include "algoctl/error.h"
#include "base/file.h"

namespace algoctl {
namespace {

void add_path(const std::string& line, std::set<FileId>& files, std::set<std::string>& paths) {
  const std::size_t path = line.find('/');
  struct stat info {};
  if (path == std::string::npos || !paths.insert(line.substr(path)).second) return;
  if (::stat(line.c_str() + path, &info) == 0) files.insert({info.st_dev, info.st_ino});
}

/// `ADDRESS PERMS OFFSET MAJOR:MINOR INODE PATH`, a line for each part of a mapped file. A layered
/// file system (overlayfs, btrfs) names there the file below, so that the path is asked too.
void add_mapped(const std::string& process, std::set<FileId>& files, std::set<std::string>& paths) {
  std::ifstream maps(process + "/maps");
  for (std::string line; std::getline(maps, line);) {
    unsigned major = 0;
    unsigned minor = 0;
    unsigned long inode = 0;
    if (std::sscanf(line.c_str(), "%*s %*s %*s %x:%x %lu", &major, &minor, &inode) == 3 &&
        inode != 0) {
      files.insert({makedev(major, minor), inode});
      add_path(line, files, paths);
    }
  }
}

void add_open(const std::string& process, std::set<FileId>& files) try {
  visit_folder(process + "/fd", [&](const std::string& fd) {
    struct stat info {};
    const std::string path = process + "/fd/" + fd;
    if (::stat(path.c_str(), &info) == 0 && S_ISREG(info.st_mode)) {
      files.insert({info.st_dev, info.st_ino});
    }
  });
} catch (const Error&) {
  // Another user's process, or one that has just ended.
}

}  // namespace

std::set<FileId> open_files() {
  std::set<FileId> files;
  std::set<std::string> paths;
  visit_folder("/proc", [&](const std::string& name) {
    if (name.find_first_not_of("0123456789") != std::string::npos) return;
    add_open("/proc/" + name, files);
    add_mapped("/proc/" + name, files, paths);
  });
  return files;
}

}  // namespace algoctl
