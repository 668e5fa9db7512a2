#include "client/objects.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <map>

#include "algoctl/error.h"
#include "base/file.h"
#include "base/text.h"
#include "client/external.h"
#include "client/mirrors.h"
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

/// The path of a model's bytes, verified, from wherever they are.
std::string from_anywhere(ClientState& state, const ModelFile& model,
                          const TransferOptions& options) {
  std::string path;
  const auto own = [&]() -> Store& {
    return require_store(state, "label " + quoted(model.label.str()));
  };
  const auto read = [&](const Store& store) {
    const auto found = object_in(state, store, model.sha256, model.size, options);
    if (found) path = *found;
    return found.has_value();
  };
  const auto outside = [&](const std::vector<std::string>& places) {
    path = object_outside(state, places, model.sha256, model.size, options);
  };
  bool there = false;
  try {
    there = read_from_anywhere(state, model.sha256, own, read, outside);
  } catch (Error& error) {
    throw error.within("label " + quoted(model.label.str()));
  }
  if (!there) throw no_object(model.label, model.sha256);
  return path;
}

}  // namespace

Store& require_store(ClientState& state, const std::string& needed_by) {
  Store* store = state.store();
  if (store != nullptr) return *store;
  throw Error(Code::integrity, "the registry has no store, but " + needed_by + " needs one",
              "the registry is damaged; restore it from a backup");
}

Error no_object(const Label& label, const Digest& sha256) {
  return {Code::integrity,
          "the object of label " + quoted(label.str()) + " is not in the store: " + sha256.str(),
          "upload the file again, or restore the store from a backup"};
}

const Store* reachable_store(ClientState& state) {
  try {
    return state.store();
  } catch (const Error& error) {
    if (!may_be_elsewhere(error)) throw;
    return nullptr;
  }
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

OpenedObject open_external(ClientState& state, const std::vector<std::string>& places,
                           const Digest& sha256, std::int64_t size, const std::string& folder,
                           const TransferOptions& options) {
  Fd copy = open_file(folder, O_TMPFILE | O_RDWR, 0600);
  fetch_external(state, places, sha256, size, copy.get(), folder, options);
  return opened(std::move(copy), sha256, folder);
}

std::optional<std::string> object_in(const ClientState& state, const Store& store,
                                     const Digest& sha256, std::int64_t size,
                                     const TransferOptions& options) {
  if (const auto path = store.local_path(sha256)) {
    require_digest(*path, sha256, size, state.stamps, options);
    return path;
  }
  if (store.is_local()) return std::nullopt;
  return cached(state).get(store, sha256, size, options);
}

std::string object_outside(ClientState& state, const std::vector<std::string>& places,
                           const Digest& sha256, std::int64_t size,
                           const TransferOptions& options) {
  const auto fetch = [&](int to, const std::string& to_path, const TransferOptions& watch) {
    fetch_external(state, places, sha256, size, to, to_path, watch);
  };
  return cached(state).get(ObjectCache::Fetch(fetch), sha256, size, options);
}

std::optional<std::string> object_in_cache(const ClientState& state, const Digest& sha256,
                                           std::int64_t size, const TransferOptions& options) {
  if (state.options.cache.empty()) return std::nullopt;
  const ObjectCache cache = cached(state);
  return cache.has(sha256, size, options) ? std::optional(cache.path_of(sha256)) : std::nullopt;
}

std::string object_here(ClientState& state, const ModelFile& model,
                        const TransferOptions& options) {
  const std::string label = "label " + quoted(model.label.str());
  if (auto path = object_in_cache(state, model.sha256, model.size, options)) return *path;
  if (!state.is_store_here()) {
    throw Error(Code::storage,
                "the object of " + label + " is not in the cache, and its store takes a network",
                "pull it once without --offline");
  }
  try {
    if (auto path =
            object_in(state, require_store(state, label), model.sha256, model.size, options)) {
      return *path;
    }
  } catch (Error& error) {
    throw error.within(label);
  }
  throw no_object(model.label, model.sha256);
}

std::vector<std::string> verified_objects(ClientState& state, const std::vector<ModelFile>& models,
                                          Network network) {
  std::map<Digest, std::string> paths;
  std::vector<Transfer> transfers;
  for (const ModelFile& model : models) {
    const auto [place, fresh] = paths.emplace(model.sha256, "");
    if (!fresh) continue;
    const TransferOptions watch = watching(state, model.label.str(), model.size);
    if (network == Network::left_alone) {
      place->second = object_here(state, model, watch);
      continue;
    }
    // What is in the cache serves also while its store cannot be reached.
    if (const auto path = object_in_cache(state, model.sha256, model.size, watch)) {
      place->second = *path;
      continue;
    }
    transfers.push_back({model.label.str(), model.size,
                         [&state, &model, &path = place->second](const TransferOptions& options) {
                           path = from_anywhere(state, model, options);
                         }});
  }
  if (!transfers.empty()) run_all(state, reachable_store(state), transfers);
  std::vector<std::string> result;
  for (const ModelFile& model : models) result.push_back(paths.at(model.sha256));
  return result;
}

}  // namespace algoctl
