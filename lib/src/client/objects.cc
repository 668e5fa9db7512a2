#include "client/objects.h"

#include "algoctl/error.h"
#include "base/text.h"
#include "store/verify.h"

namespace algoctl {

Store& require_store(ClientState& state, const std::vector<Model>& models) {
  Store* store = state.store();
  if (store != nullptr) return *store;
  throw Error(Code::integrity,
              "the registry has no store, but label " +
                  quoted(models.empty() ? "" : models.front().label.str()) + " needs one",
              "the registry is damaged; restore it from a backup");
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
  if (!path) {
    throw Error(
        Code::integrity,
        "the object of label " + quoted(label.str()) + " is not in the store: " + sha256.str(),
        "upload the file again, or restore the store from a backup");
  }
  try {
    require_digest(*path, sha256, size, state.stamps, watching(state, label, size));
  } catch (Error& error) {
    throw error.within("label " + quoted(label.str()));
  }
  return *path;
}

}  // namespace algoctl
