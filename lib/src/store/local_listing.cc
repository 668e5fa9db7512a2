#include <unistd.h>

#include <cerrno>

#include "algoctl/error.h"
#include "base/file.h"
#include "base/text.h"
#include "store/local_store.h"

// What a collector needs of a store: what is there, and the way out.

namespace algoctl {
namespace {

/// The digest that a file's name is, or nullopt for what no store has put there.
std::optional<Digest> digest_of_name(const std::string& name, const std::string& folder) {
  return name.compare(0, 2, folder) == 0 ? digest_of_hex(name) : std::nullopt;
}

}  // namespace

void LocalStore::list(const std::function<void(const Digest&)>& visit) const {
  require_marker();
  const std::string objects = folder() + "/objects/sha256";
  visit_folder(objects, [&](const std::string& prefix) {
    visit_folder(objects + "/" + prefix, [&](const std::string& name) {
      if (const auto digest = digest_of_name(name, prefix)) visit(*digest);
    });
  });
}

std::optional<Store::Entry> LocalStore::look(const Digest& digest) const {
  const auto info = stat_if_there(object_path(digest));
  if (!info) require_marker();
  if (!info || !S_ISREG(info->st_mode)) return std::nullopt;
  return Entry{info->st_size, modified_ms(*info)};
}

void LocalStore::remove(const Digest& digest) {
  const std::string path = object_path(digest);
  if (::unlink(path.c_str()) == 0) return;
  if (errno != ENOENT) throw_errno("cannot remove " + quoted_path(path), errno);
  require_marker();
}

std::vector<Store::Staged> LocalStore::staged() const {
  std::vector<Staged> result;
  const std::string folder_path = folder() + "/staging";
  visit_folder(folder_path, [&](const std::string& name) {
    const auto info = stat_if_there(folder_path + "/" + name);
    if (info && S_ISREG(info->st_mode)) result.push_back({name, info->st_size, modified_ms(*info)});
  });
  return result;
}

}  // namespace algoctl
