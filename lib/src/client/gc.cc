#include "algoctl/client.h"
#include "algoctl/error.h"
#include "base/text.h"
#include "client/gc_steps.h"
#include "registry/settings.h"

namespace algoctl {

void Collection::add(const GcItem& item) {
  (item.step == GcItem::Step::freed ? result.freed : result.trashed) += item.size;
  visit(item);
}

void Collection::write(const std::function<void(Db&)>& body) {
  try {
    state.registry.write(body);
  } catch (const Error& error) {
    if (error.code() != Code::storage) throw;
    state.registry.recycle_log();
    state.registry.write(body);
  }
}

GcResult Client::gc(const GcOptions& options, const std::function<void(const GcItem&)>& visit) {
  Collection gc{*state_, options, visit};
  collect_cache(gc);
  Store* store = state_->store();
  if (store == nullptr) return gc.result;
  std::string registry_id;
  state_->registry.read([&](Db& db) { registry_id = setting(db, "registry_id").value_or(""); });
  if (store->owner() != registry_id) {
    gc.result.warnings.push_back("store " + quoted(store->url()) +
                                 " belongs to another registry, which alone collects in it");
    return gc.result;
  }
  if (!store->is_writable()) {
    throw Error(Code::storage, "store " + store->url() + " can only be read",
                "collect in the store that it is a copy of");
  }
  collect_uploads(gc, *store);
  collect_objects(gc, *store);
  return gc.result;
}

}  // namespace algoctl
