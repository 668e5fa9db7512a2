#include "client/view.h"

#include <limits.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>

#include "algoctl/error.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/text.h"
#include "client/objects.h"
#include "store/cache.h"

namespace algoctl {
namespace {

/// By the id that the registry remembers: a store that cannot be reached has views too.
std::string view_folder(ClientState& state, const std::vector<ModelFile>& models,
                        const Digest& key) {
  if (state.options.cache.empty()) {
    throw Error(Code::usage, "there is no cache folder to make a view in",
                "set XDG_CACHE_HOME, or copy the files with -o DIR");
  }
  const auto id = state.store_id();
  if (!id) require_store(state, "label " + quoted(models.front().label.str()));
  return absolute_path(state.options.cache) + "/views/" + *id + "/" + key.hex();
}

std::string target_of(const std::string& link) {
  std::array<char, PATH_MAX> target{};
  const ssize_t size = ::readlink(link.c_str(), target.data(), target.size());
  return size < 0 ? "" : std::string(target.data(), static_cast<std::size_t>(size));
}

/// Makes `path` a link to `target`. What is there is replaced at once: never is nothing there.
void point_link(const std::string& path, const std::string& target) {
  if (target_of(path) == target) return;
  make_folders(folder_of(path), Durable::no);
  if (::symlink(target.c_str(), path.c_str()) == 0) return;
  if (errno != EEXIST) throw_errno("cannot make the link " + quoted(path), errno);
  const std::string fresh = folder_of(path) + "/.link-" + to_hex(random_bytes(8));
  if (::symlink(target.c_str(), fresh.c_str()) != 0) {
    throw_errno("cannot make the link " + quoted(fresh), errno);
  }
  if (::rename(fresh.c_str(), path.c_str()) != 0) {
    const int error = errno;
    ::unlink(fresh.c_str());
    if (error == EISDIR) {
      throw Error(Code::storage, "cannot make the link " + quoted_path(path) + ": it is a folder",
                  "the cache is damaged: remove it, or this folder; it fills again");
    }
    throw_errno("cannot make the link " + quoted(path), error);
  }
}

View laid_out(const std::string& folder, const std::vector<ModelFile>& models) {
  View view{folder, {}};
  for (const ModelFile& model : models) {
    view.files.push_back(
        {model.slot, model.label, folder + "/" + model.label.str(), model.sha256, model.size});
  }
  return view;
}

/// False when one of the objects is not there any more. From the first link until the view counts
/// as used now nothing is removed from the cache.
bool link_all(const Cache& cache, const View& view, const std::vector<std::string>& objects) {
  const Fd held = cache.hold();
  for (std::size_t i = 0; i < objects.size(); ++i) {
    if (!stat_if_there(objects[i])) return false;
    point_link(view.files[i].path, objects[i]);
  }
  Cache::touch(view.folder);
  return true;
}

}  // namespace

View make_view(ClientState& state, const std::vector<ModelFile>& models, const Digest& key,
               Network network) {
  View view = laid_out(view_folder(state, models, key), models);
  const Cache cache(state.options.cache);
  make_folders(state.options.cache, Durable::no);
  // Again when a copy was removed from a cache that is too small, after it was verified.
  while (!link_all(cache, view, verified_objects(state, models, network))) {
  }
  cache.trim(state.options.cache_size, state.now());
  return view;
}

View foresee_view(ClientState& state, const std::vector<ModelFile>& models, const Digest& key) {
  return laid_out(view_folder(state, models, key), models);
}

}  // namespace algoctl
