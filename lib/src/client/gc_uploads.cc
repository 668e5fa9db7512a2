#include <algorithm>

#include "algoctl/error.h"
#include "base/clock.h"
#include "client/gc_steps.h"
#include "registry/uploads.h"

namespace algoctl {
namespace {

constexpr std::int64_t kDayMs = std::int64_t{24} * 60 * 60 * 1000;

std::int64_t staged_size(const std::vector<Store::Staged>& staged, const std::string& id) {
  for (const Store::Staged& each : staged) {
    if (each.upload_id == id) return each.size;
  }
  return 0;
}

/// A full disk may have no room for it; the bytes are gone all the same, and the next one ends it.
void end(Collection& gc, const std::string& id) {
  try {
    gc.state.registry.write([&](Db& db) { end_upload(db, id); });
  } catch (const Error& error) {
    if (error.code() != Code::storage) throw;
    gc.result.warnings.push_back("upload " + id + " is still noted: " + error.message());
  }
}

}  // namespace

void collect_uploads(Collection& gc, Store& store) {
  const std::int64_t now = gc.state.now();
  std::vector<AbandonedUpload> abandoned;
  std::vector<std::string> known;
  // The folder first: an upload that begins after that is in neither list.
  const std::vector<Store::Staged> staged = store.staged();
  gc.state.registry.read([&](Db& db) {
    abandoned = abandoned_uploads(db, now);
    known = upload_ids(db);
  });
  for (const AbandonedUpload& upload : abandoned) {
    if (!gc.options.dry_run) {
      store.discard(upload.id);  // the bytes before the row that knows of them
      end(gc, upload.id);
    }
    gc.add({GcItem::Kind::upload, GcItem::Step::freed, upload.id, staged_size(staged, upload.id),
            "its process ended; it began at " + format_time(upload.started_at)});
  }
  for (const Store::Staged& each : staged) {
    const bool has_row = std::binary_search(known.begin(), known.end(), each.upload_id);
    if (has_row || now - each.staged_at <= kDayMs) continue;
    if (!gc.options.dry_run) store.discard(each.upload_id);
    gc.add({GcItem::Kind::upload, GcItem::Step::freed, each.upload_id, each.size,
            "no upload knows of it; written at " + format_time(each.staged_at)});
  }
}

}  // namespace algoctl
