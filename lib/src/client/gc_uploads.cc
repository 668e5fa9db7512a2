#include <algorithm>

#include "algoctl/error.h"
#include "client/gc_steps.h"
#include "client/leftovers.h"
#include "registry/uploads.h"

namespace algoctl {
namespace {

/// A full disk may have no room for it; the bytes are gone all the same, and the next one ends it.
void end(Collection& gc, const std::string& id) {
  try {
    gc.write([&](Db& db) { end_upload(db, id); });
  } catch (const Error& error) {
    if (error.code() != Code::storage) throw;
    gc.result.warnings.push_back("upload " + id + " is still noted: " + error.message());
  }
}

}  // namespace

void collect_uploads(Collection& gc, Store& store) {
  for (const Leftover& leftover : find_leftovers(gc.state, &store)) {
    if (!gc.options.dry_run) {
      store.discard(leftover.upload_id);  // the bytes before the row that knows of them
      if (leftover.noted) end(gc, leftover.upload_id);
    }
    gc.ended.push_back(leftover.upload_id);
    gc.add({GcItem::Kind::upload, GcItem::Step::freed, leftover.upload_id, leftover.size,
            leftover.why});
  }
  std::sort(gc.ended.begin(), gc.ended.end());
}

}  // namespace algoctl
