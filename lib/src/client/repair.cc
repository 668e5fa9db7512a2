#include "client/repair.h"

#include "algoctl/error.h"
#include "base/hash.h"
#include "base/process.h"
#include "client/explain.h"
#include "registry/uploads.h"
#include "store/verify.h"

namespace algoctl {

Repair::Repair(ClientState& state, const std::string& from, bool dry_run)
    : state_(state), dry_run_(dry_run) {
  if (!from.empty()) from_ = open_store(from, state.store_settings());
}

bool Repair::mend(Store& store, const ObjectToCheck& object) {
  if (!from_) return false;
  const TransferOptions options{nullptr, state_.options.stop};
  const auto path = from_->local_path(object.object);
  if (!path) return false;
  try {
    recheck(*path, object.object, object.size, state_.stamps, options);
  } catch (const Error& error) {
    if (error.code() != Code::integrity) throw;
    return false;
  }
  if (dry_run_) return true;
  // Under a note like any upload: what a kill leaves is found by the next one.
  const std::string id = to_hex(random_bytes(16));
  state_.registry.write([&](Db& db) {
    begin_upload(db, id, this_process(), state_.now());
    upload_stored(db, id, object.object, object.size);
  });
  ObjectSource source = ObjectSource::open(*path);
  const Stored stored = store.put(source, id, options);
  state_.registry.write([&](Db& db) { end_upload(db, id); });
  return stored.digest == object.object;
}

}  // namespace algoctl
