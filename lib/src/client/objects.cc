#include "client/objects.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "algoctl/error.h"
#include "base/file.h"
#include "base/text.h"
#include "client/external.h"
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
                            const Digest& sha256, std::int64_t size, const Label& label) {
  const auto fetch = [&](int to, const std::string& to_path, const TransferOptions& options) {
    fetch_external(state, places, sha256, size, to, to_path, options);
  };
  return cached(state).get(ObjectCache::Fetch(fetch), sha256, size, watching(state, label, size));
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

TransferOptions watching(const ClientState& state, const Label& label, std::int64_t size) {
  TransferOptions watch;
  watch.stop = state.options.stop;
  if (state.options.progress) {
    watch.progress = [&state, name = label.str(), size](std::int64_t done) {
      state.options.progress({name, done, size});
    };
  }
  return watch;
}

std::string verified_object(ClientState& state, const Store& store, const Digest& sha256,
                            std::int64_t size, const Label& label) {
  const auto path = store.local_path(sha256);
  try {
    if (path) {
      require_digest(*path, sha256, size, state.stamps, watching(state, label, size));
      return *path;
    }
    const auto places = places_outside(state, store, sha256, size);
    if (!places.empty()) return cached_external(state, places, sha256, size, label);
    if (!store.is_local())
      return cached(state).get(store, sha256, size, watching(state, label, size));
  } catch (Error& error) {
    throw error.within("label " + quoted(label.str()));
  }
  throw Error(
      Code::integrity,
      "the object of label " + quoted(label.str()) + " is not in the store: " + sha256.str(),
      "upload the file again, or restore the store from a backup");
}

}  // namespace algoctl
