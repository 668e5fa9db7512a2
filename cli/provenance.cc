#include "provenance.h"

#include <unistd.h>

#include "algoctl/error.h"
#include "base/file.h"
#include "base/text.h"
#include "process.h"
#include "setting_values.h"
#include "url.h"

namespace algoctl::cli {

namespace {

/// Saves starting git where there is nothing to ask.
bool is_in_work_tree(std::string folder) {
  for (; !folder.empty(); folder = parent_of(folder)) {
    if (::access(in_folder(folder, ".git").c_str(), F_OK) == 0) return true;
  }
  return false;
}

std::optional<std::string> git(const std::string& folder, std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {"git", "-C", folder});
  return capture(arguments, {{"GIT_OPTIONAL_LOCKS", "0"}});
}

}  // namespace

GitStatus parse_git_status(std::string_view text) {
  constexpr std::string_view kCommit = "# branch.oid ";
  constexpr std::string_view kUpstream = "# branch.upstream ";
  GitStatus status;
  for (const std::string& line : split(text, '\n')) {
    if (starts_with(line, kCommit)) {
      status.commit = line.substr(kCommit.size());
    } else if (starts_with(line, kUpstream)) {
      status.upstream_remote = line.substr(kUpstream.size());
      status.upstream_remote.resize(status.upstream_remote.find('/') == std::string::npos
                                        ? 0
                                        : status.upstream_remote.find('/'));
    } else if (!line.empty() && line[0] != '#') {
      status.dirty = true;
    }
  }
  if (status.commit == "(initial)") status.commit.clear();
  return status;
}

std::string pick_remote(std::string_view text, const std::string& remote) {
  std::string origin;
  for (const std::string& line : split(text, '\n')) {
    const auto space = line.find(' ');
    if (space == std::string::npos) continue;
    const std::string key = line.substr(0, space);
    const std::string url = strip_credentials(line.substr(space + 1));
    if (!remote.empty() && key == "remote." + remote + ".url") return url;
    if (key == "remote.origin.url") origin = url;
  }
  return origin;
}

Provenance provenance_of(const std::string& manifest) {
  Provenance result;
  const std::string folder = parent_of(manifest);
  if (!is_in_work_tree(folder)) return result;
  const auto text =
      git(folder, {"status", "--porcelain=v2", "--branch", "--untracked-files=no", "--no-renames",
                   "--", ":(top)", ":(exclude,literal)" + name_of(manifest)});
  if (!text) return result;
  const GitStatus status = parse_git_status(*text);
  result.commit = status.commit;
  result.dirty = status.dirty;
  if (const auto remotes = git(folder, {"config", "--get-regexp", "^remote\\..*\\.url$"})) {
    result.remote = pick_remote(*remotes, status.upstream_remote);
  }
  return result;
}

std::string git_commit(const std::string& folder) {
  constexpr std::size_t kDigits = 12;
  std::optional<std::string> text;
  if (is_in_work_tree(folder)) text = git(folder, {"rev-parse", "--verify", "HEAD"});
  if (!text || text->size() < kDigits) {
    throw Error(Code::usage,
                "{git} in a label needs a git commit, and there is none for " + quoted(folder),
                "use {date} or {sha}, or commit first");
  }
  return text->substr(0, kDigits);
}

}  // namespace algoctl::cli
