#include "client/repair.h"

#include "algoctl/error.h"
#include "base/hash.h"
#include "base/process.h"
#include "client/objects.h"
#include "registry/uploads.h"
#include "store/verify.h"

namespace algoctl {

Repair::Repair(ClientState& state, const std::string& from, bool dry_run)
    : state_(state), dry_run_(dry_run) {
  if (!from.empty()) from_ = open_store(from, state.store_settings());
}

/// The path of a copy in a store, read again; nullopt when it has none that is whole.
std::optional<std::string> Repair::copy_in(const Store& store, const ObjectToCheck& object) {
  const TransferOptions options{nullptr, state_.options.stop};
  try {
    const auto path = store.local_path(object.object);
    if (!path) return object_in(state_, store, object.object, object.size, options);
    recheck(*path, object.object, object.size, state_.stamps, options);
    return path;
  } catch (const Error& error) {
    if (error.code() != Code::integrity) throw;
    return std::nullopt;
  }
}

std::optional<std::string> Repair::find_copy(const ObjectToCheck& object) {
  if (from_) return copy_in(*from_, object);
  for (const MirrorPlace& place : state_.mirrors()) {
    try {
      if (auto path = copy_in(state_.mirror(place), object)) return path;
    } catch (const Error& error) {
      if (error.code() == Code::interrupted) throw;
    }
  }
  return std::nullopt;
}

bool Repair::mend(Store& store, const ObjectToCheck& object) {
  const auto path = find_copy(object);
  if (!path) return false;
  if (dry_run_) return true;
  // Under a note like any upload: what a kill leaves is found by the next one.
  const std::string id = to_hex(random_bytes(16));
  state_.registry.write([&](Db& db) {
    begin_upload(db, id, this_process(), state_.now());
    upload_stored(db, id, object.object, object.size);
  });
  ObjectSource source = ObjectSource::open(*path);
  TransferOptions options{nullptr, state_.options.stop};
  options.replace = true;
  const Stored stored = store.put(source, id, options);
  state_.registry.write([&](Db& db) { end_upload(db, id); });
  if (stored.digest != object.object) return false;
  return is_whole(store, object);
}

/// Reads what was put: a server that says that it took the bytes may have others.
bool Repair::is_whole(const Store& store, const ObjectToCheck& object) const try {
  store.check(object.object, object.size, {nullptr, state_.options.stop});
  return true;
} catch (const Error& error) {
  if (error.code() != Code::integrity) throw;
  return false;
}

}  // namespace algoctl
