#include "client/objects.h"

#include <fcntl.h>
#include <unistd.h>

#include "algoctl/error.h"
#include "base/file.h"
#include "base/text.h"
#include "client/mirrors.h"
#include "store/object_cache.h"
#include "store/verify.h"

namespace algoctl {

namespace {

ObjectCache cached(const ClientState& state) {
  if (!state.options.cache.empty()) return {state.options.cache, state.stamps};
  throw Error(Code::usage, "there is no cache folder to keep objects in",
              "set XDG_CACHE_HOME: the store is not in this file system");
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

OpenedObject open_object(const Store& store, const Digest& sha256, std::int64_t size,
                         const std::string& folder, const TransferOptions& options) {
  if (const auto path = store.local_path(sha256)) {
    return {Fd(), ObjectSource::open(*path, Watch::bytes)};
  }
  Fd copy = open_file(folder, O_TMPFILE | O_RDWR, 0600);
  store.fetch(sha256, size, copy.get(), folder, options);
  if (lseek(copy.get(), 0, SEEK_SET) != 0) throw_errno("cannot read " + quoted_path(folder), errno);
  ObjectSource source = ObjectSource::stream(copy.get(), sha256.str());
  return {std::move(copy), std::move(source)};
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

std::string verified_object(ClientState& state, const Digest& sha256, std::int64_t size,
                            const Label& label) {
  std::optional<std::string> path;
  const auto own = [&]() -> Store& { return require_store(state, "label " + quoted(label.str())); };
  const auto read = [&](const Store& store) {
    try {
      path = object_in(state, store, sha256, size, watching(state, label, size));
    } catch (Error& error) {
      throw error.within("label " + quoted(label.str()));
    }
    return path.has_value();
  };
  if (read_from_any(state, own, read)) return *path;
  throw no_object(label, sha256);
}

}  // namespace algoctl
