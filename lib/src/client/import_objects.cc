#include "client/import_objects.h"

#include <algorithm>

#include "algoctl/error.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/process.h"
#include "client/storing.h"
#include "registry/uploads.h"
#include "store/side_by_side.h"
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
  put(missing_or_damaged(begin, end), begin, before);
  state_.registry.write([&](Db& db) {
    for (std::size_t i = begin; i < end; ++i) {
      upload_stored(db, intents_[before + i - begin], members[i].digest, members[i].size);
    }
  });
  // Until that note, whoever collects may have removed what nothing needed; from now on nobody
  // does.
  put(missing(begin, end), begin, before);
}

void ImportObjects::put(const std::vector<std::size_t>& which, std::size_t begin,
                        std::size_t first_intent) {
  if (which.empty()) return;
  const auto& members = archive_.layout().members();
  Store& store = state_.writable_store();
  std::vector<std::int64_t> sizes;
  for (const std::size_t i : which) sizes.push_back(members[i].size);
  const std::int64_t largest = *std::max_element(sizes.begin(), sizes.end());
  std::vector<std::string> warnings(which.size());
  side_by_side(sizes, store.width(largest), watched(members[which.front()]),
               [&](std::size_t n, const TransferOptions& share) {
                 const std::size_t i = which[n];
                 ObjectSource source = archive_.source(members[i]);
                 warnings[n] = store.put(source, intents_[first_intent + i - begin], share).warning;
               });
  for (std::string& warning : warnings) {
    if (!warning.empty()) warnings_.push_back(std::move(warning));
  }
}

std::vector<std::size_t> ImportObjects::missing(std::size_t begin, std::size_t end) {
  const auto& members = archive_.layout().members();
  std::vector<Store::Wanted> wanted;
  for (std::size_t i = begin; i < end; ++i) wanted.push_back({members[i].digest, members[i].size});
  std::vector<std::size_t> missing = state_.writable_store().missing(wanted);
  for (std::size_t& i : missing) i += begin;
  return missing;
}

std::vector<std::size_t> ImportObjects::missing_or_damaged(std::size_t begin, std::size_t end) {
  const auto& members = archive_.layout().members();
  const std::vector<std::size_t> missing = this->missing(begin, end);
  std::vector<std::size_t> result;
  for (std::size_t i = begin; i < end; ++i) {
    const bool there = !std::binary_search(missing.begin(), missing.end(), i);
    if (!there || is_damaged(members[i])) result.push_back(i);
  }
  return result;
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
  return store != nullptr && store->has(member.digest, member.size) && !is_damaged(member);
}

/// Of what is there. A store elsewhere is not read for that.
bool ImportObjects::is_damaged(const ArchiveMember& member) {
  const auto path = state_.store()->local_path(member.digest);
  return path && !has_digest(*path, member.digest, member.size, state_.stamps,
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
