#include "client/leftovers.h"

#include <algorithm>
#include <map>

#include "base/clock.h"
#include "registry/uploads.h"

namespace algoctl {
namespace {

constexpr std::int64_t kDayMs = std::int64_t{24} * 60 * 60 * 1000;

}  // namespace

std::vector<Leftover> find_leftovers(ClientState& state, const Store* store) {
  const std::int64_t now = state.now();
  // The folder first: an upload that begins after that is in neither list.
  std::map<std::string, Store::Staged> staged;
  if (store != nullptr) {
    for (Store::Staged& each : store->staged()) staged.emplace(each.upload_id, each);
  }
  std::vector<AbandonedUpload> abandoned;
  std::vector<std::string> known;
  state.registry.read([&](Db& db) {
    abandoned = abandoned_uploads(db, now);
    known = upload_ids(db);
  });
  std::vector<Leftover> leftovers;
  for (const AbandonedUpload& upload : abandoned) {
    const auto bytes = staged.find(upload.id);
    leftovers.push_back({upload.id, bytes == staged.end() ? 0 : bytes->second.size, true,
                         "its process ended; it began at " + format_time(upload.started_at)});
  }
  const bool any_alive = known.size() > abandoned.size();
  for (const auto& [id, bytes] : staged) {
    // What a server has may belong to an upload that lasts longer than a day.
    if (!bytes.is_given && any_alive) continue;
    const bool noted = std::binary_search(known.begin(), known.end(), id);
    if (noted || now - bytes.staged_at <= kDayMs) continue;
    leftovers.push_back({id, bytes.size, false,
                         "no upload knows of it; written at " + format_time(bytes.staged_at)});
  }
  return leftovers;
}

}  // namespace algoctl
