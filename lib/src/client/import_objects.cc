#include "client/import_objects.h"

#include "algoctl/error.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/process.h"
#include "client/storing.h"
#include "registry/uploads.h"
#include "store/verify.h"

namespace algoctl {
namespace {

// How many objects share the two transactions around them.
constexpr std::size_t kMostInBatch = 256;
constexpr std::int64_t kBytesInBatch = std::int64_t{64} << 20U;

}  // namespace

ImportObjects::~ImportObjects() {
  if (intents_.empty()) return;
  try {
    state_.registry.write([&](Db& db) { end(db); });
  } catch (const std::exception&) {
    // What is left are abandoned uploads: the next one removes them.
  }
}

void ImportObjects::store_all() {
  sweep_abandoned(state_, state_.writable_store());
  const auto& members = archive_.layout().members();
  std::size_t begin = archive_.layout().first_object();
  std::int64_t bytes = 0;
  for (std::size_t end = begin; end < members.size(); ++end) {
    bytes += members[end].size;
    if (end + 1 < members.size() && end + 1 - begin < kMostInBatch && bytes < kBytesInBatch) {
      continue;
    }
    store_batch(begin, end + 1);
    begin = end + 1;
    bytes = 0;
  }
}

void ImportObjects::store_batch(std::size_t begin, std::size_t end) {
  const auto& members = archive_.layout().members();
  const std::size_t before = intents_.size();
  for (std::size_t i = begin; i < end; ++i) intents_.push_back(to_hex(random_bytes(16)));
  state_.registry.write([&](Db& db) {
    for (std::size_t i = before; i < intents_.size(); ++i) {
      begin_upload(db, intents_[i], this_process(), state_.now());
    }
  });
  Store& store = state_.writable_store();
  const auto put = [&](std::size_t i) {
    ObjectSource source = archive_.source(members[i]);
    const Stored stored = store.put(source, intents_[before + i - begin], watched(members[i]));
    if (!stored.warning.empty()) warnings_.push_back(stored.warning);
  };
  for (std::size_t i = begin; i < end; ++i) {
    if (!is_stored(members[i])) put(i);
  }
  state_.registry.write([&](Db& db) {
    for (std::size_t i = begin; i < end; ++i) {
      upload_stored(db, intents_[before + i - begin], members[i].digest, members[i].size);
    }
  });
  // Until that note, whoever collects may have removed what nothing needed; from now on nobody
  // does.
  for (std::size_t i = begin; i < end; ++i) {
    if (!store.has(members[i].digest, members[i].size)) put(i);
  }
}

void ImportObjects::check_all() {
  const auto& members = archive_.layout().members();
  for (std::size_t i = archive_.layout().first_object(); i < members.size(); ++i) {
    if (is_stored(members[i])) continue;
    ObjectSource source = archive_.source(members[i]);
    hash_source(source, watched(members[i]));
  }
}

void ImportObjects::end(Db& db) const {
  for (const std::string& intent : intents_) end_upload(db, intent);
}

bool ImportObjects::is_stored(const ArchiveMember& member) {
  Store* store = state_.store();
  if (store == nullptr || !store->has(member.digest, member.size)) return false;
  const auto path = store->local_path(member.digest);
  return !path || has_digest(*path, member.digest, member.size, state_.stamps,
                             {nullptr, state_.options.stop});
}

TransferOptions ImportObjects::watched(const ArchiveMember& member) const {
  TransferOptions watch;
  watch.stop = state_.options.stop;
  if (state_.options.progress) {
    watch.progress = [this, begin = member.data()](std::int64_t done) {
      state_.options.progress({name_of(archive_.path()), begin + done, archive_.layout().size()});
    };
  }
  return watch;
}

}  // namespace algoctl
