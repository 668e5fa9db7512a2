#include "client/working_copy.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>

#include "algoctl/client.h"
#include "algoctl/error.h"
#include "base/file.h"
#include "base/text.h"
#include "base/wait.h"

namespace algoctl {
Fd lock_folder(const std::string& folder, const RewriteOptions& options) {
  Fd fd = open_file(folder, O_RDONLY | O_DIRECTORY);
  Wait wait(options.timeout, options.stop, "the manifest");
  while (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno == EINTR) continue;
    // Some file systems know no such lock; the check of the text's values still stands.
    if (errno != EWOULDBLOCK) break;
    if (!wait.again()) {
      throw Error(Code::busy,
                  "the folder " + quoted(folder) + " is still locked by another process",
                  "try again, or wait longer with --timeout");
    }
  }
  return fd;
}

std::string read_working_copy(const std::string& path) {
  if (path.empty()) {
    throw Error(Code::usage, "there is no algorithm.json here or in a parent folder",
                "make one with `algoctl init OWNER/NAME`, or name it with --manifest");
  }
  auto text = read_file(path, kLargestManifest);
  if (!text) {
    throw Error(Code::usage, "there is no manifest " + quoted(path),
                "make one with `algoctl init OWNER/NAME`, or name another with --manifest");
  }
  return *std::move(text);
}

void rewrite_working_copy(
    const std::string& path, const RewriteOptions& options,
    const std::function<std::optional<std::string>(const std::string&)>& change, Sync sync) {
  const Fd lock = lock_folder(folder_of(path), options);
  const std::string before = read_working_copy(path);
  const auto after = change(before);
  if (after && *after != before) return replace_file(path, *after, sync);
  // Whoever wrote it may have been killed before its name was on the disk.
  if (after && sync == Sync::bytes_and_name) sync_folder(folder_of(path));
}

void create_working_copy(const std::string& path, const RewriteOptions& options,
                         const std::string& text) {
  const Fd lock = lock_folder(folder_of(path), options);
  if (!stat_if_there(path)) return replace_file(path, text);
  sync_folder(folder_of(path));
}

std::optional<std::string> find_manifest(const std::string& folder) {
  for (std::string at = absolute_path(folder);; at = folder_of(at)) {
    std::string path = (at == "/" ? "" : at) + "/algorithm.json";
    if (stat_if_there(path)) return path;
    if (at == "/") return std::nullopt;
  }
}

}  // namespace algoctl
