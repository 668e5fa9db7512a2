#include "client/objects.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <map>

#include "algoctl/error.h"
#include "base/file.h"
#include "base/text.h"
#include "client/external.h"
#include "client/transfers.h"
#include "store/object_cache.h"
#include "store/verify.h"

namespace algoctl {
namespace {

ObjectCache cached(const ClientState& state) {
  if (!state.options.cache.empty()) return {state.options.cache, state.stamps};
  throw Error(Code::usage, "there is no cache folder to keep objects in",
              "set XDG_CACHE_HOME: the bytes are not in this file system");
}

OpenedObject opened(Fd copy, const Digest& sha256, const std::string& folder) {
  if (lseek(copy.get(), 0, SEEK_SET) != 0) throw_errno("cannot read " + quoted_path(folder), errno);
  ObjectSource source = ObjectSource::stream(copy.get(), sha256.str());
  return {std::move(copy), std::move(source)};
}

std::string cached_external(ClientState& state, const std::vector<std::string>& places,
                            const ModelFile& model, const TransferOptions& options) {
  const auto fetch = [&](int to, const std::string& to_path, const TransferOptions& watch) {
    fetch_external(state, places, model.sha256, model.size, to, to_path, watch);
  };
  return cached(state).get(ObjectCache::Fetch(fetch), model.sha256, model.size, options);
}

/// `places` are those outside, of an object that the store does not have.
std::string verified(ClientState& state, const Store& store, const ModelFile& model,
                     const std::vector<std::string>& places, const TransferOptions& options) {
  const Digest& sha256 = model.sha256;
  try {
    if (const auto path = store.local_path(sha256)) {
      require_digest(*path, sha256, model.size, state.stamps, options);
      return *path;
    }
    if (!places.empty()) return cached_external(state, places, model, options);
    if (!store.is_local()) return cached(state).get(store, sha256, model.size, options);
  } catch (Error& error) {
    throw error.within("label " + quoted(model.label.str()));
  }
  throw Error(
      Code::integrity,
      "the object of label " + quoted(model.label.str()) + " is not in the store: " + sha256.str(),
      "upload the file again, or restore the store from a backup");
}

}  // namespace

Store& require_store(ClientState& state, const std::vector<ModelFile>& models) {
  Store* store = state.store();
  if (store != nullptr) return *store;
  throw Error(Code::integrity,
              "the registry has no store, but label " +
                  quoted(models.empty() ? "" : models.front().label.str()) + " needs one",
              "the registry is damaged; restore it from a backup");
}

OpenedObject open_external(ClientState& state, const std::vector<std::string>& places,
                           const Digest& sha256, std::int64_t size, const std::string& folder,
                           const TransferOptions& options) {
  Fd copy = open_file(folder, O_TMPFILE | O_RDWR, 0600);
  fetch_external(state, places, sha256, size, copy.get(), folder, options);
  return opened(std::move(copy), sha256, folder);
}

OpenedObject open_object(const Store& store, const Digest& sha256, std::int64_t size,
                         const std::string& folder, const TransferOptions& options) {
  if (const auto path = store.local_path(sha256)) {
    return {Fd(), ObjectSource::open(*path, Watch::bytes)};
  }
  Fd copy = open_file(folder, O_TMPFILE | O_RDWR, 0600);
  store.fetch(sha256, size, copy.get(), folder, options);
  return opened(std::move(copy), sha256, folder);
}

std::vector<std::string> verified_objects(ClientState& state, const Store& store,
                                          const std::vector<ModelFile>& models) {
  std::vector<Store::Wanted> wanted;
  for (const ModelFile& model : models) wanted.push_back({model.sha256, model.size});
  auto outside = places_outside(state, store, wanted);
  std::map<Digest, std::string> paths;
  std::vector<Transfer> transfers;
  for (const ModelFile& model : models) {
    const auto [place, fresh] = paths.emplace(model.sha256, "");
    if (!fresh) continue;
    transfers.push_back({model.label.str(), model.size,
                         [&state, &store, &model, &path = place->second,
                          &places = outside[model.sha256]](const TransferOptions& options) {
                           path = verified(state, store, model, places, options);
                         }});
  }
  run_all(state, store, transfers);
  std::vector<std::string> result;
  for (const ModelFile& model : models) result.push_back(paths.at(model.sha256));
  return result;
}

}  // namespace algoctl
