#pragma once

#include <string>
#include <string_view>

#include "algoctl/publish.h"

namespace algoctl::cli {

/// Commit, remote and dirtiness of the git work tree that holds the manifest; the manifest itself
/// and untracked files make nothing dirty. Fields are empty outside git, and when git fails.
Provenance provenance_of(const std::string& manifest);

/// The first 12 hexadecimal digits of the commit checked out in `folder`.
/// Throws Error{usage} outside git: nothing else can stand for `{git}`.
std::string git_commit(const std::string& folder);

/// Reads what `git status --porcelain=v2 --branch` printed. `upstream_remote` is `origin` in
/// `origin/main`; empty when the branch follows nothing.
struct GitStatus {
  std::string commit;
  std::string upstream_remote;
  bool dirty = false;
};
GitStatus parse_git_status(std::string_view text);

/// The URL of `remote`, else of `origin`, in what `git config --get-regexp` printed; without
/// credentials. Empty when neither is there.
std::string pick_remote(std::string_view text, const std::string& remote);

}  // namespace algoctl::cli
