#include <limits>

#include "client/gc_steps.h"
#include "store/cache.h"

namespace algoctl {
namespace {

constexpr std::int64_t kNoLimit = std::numeric_limits<std::int64_t>::max();

const char* text_of(EvictionReason reason) {
  switch (reason) {
    case EvictionReason::useless: return "what it leads to is gone";
    case EvictionReason::unused: return "not used as lately as is to be kept";
    case EvictionReason::over_capacity: return "least recently used, and the cache is too large";
  }
  return "";
}

GcItem::Kind kind_of(const Cache::Entry& entry) {
  switch (entry.kind) {
    case Cache::Kind::view: return GcItem::Kind::view;
    case Cache::Kind::copy: return GcItem::Kind::copy;
    case Cache::Kind::transfer: return GcItem::Kind::transfer;
    case Cache::Kind::stamp: break;
  }
  return GcItem::Kind::stamp;
}

/// Takes what a plan says out of `entries`.
void evict(Collection& gc, const Cache& cache, std::vector<Cache::Entry>& entries,
           const EvictionRules& rules) {
  std::vector<Evictable> states;
  for (const Cache::Entry& entry : entries) states.push_back(entry.state);
  std::vector<bool> gone(entries.size(), false);
  for (const Eviction& eviction : plan_eviction(states, rules)) {
    const Cache::Entry& entry = entries[eviction.index];
    gone[eviction.index] = true;
    if (!gc.options.dry_run && !cache.remove(entry)) continue;
    gc.add({kind_of(entry), GcItem::Step::freed, entry.path, entry.state.size,
            text_of(eviction.reason)});
  }
  std::vector<Cache::Entry> left;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (!gone[i]) left.push_back(std::move(entries[i]));
  }
  entries = std::move(left);
}

}  // namespace

void collect_cache(Collection& gc) {
  const std::int64_t now = gc.state.now();
  const Cache cache(gc.state.options.cache);
  EvictionRules rules{now, kNoLimit, gc.options.keep_last, std::nullopt};
  if (gc.options.keep_for) rules.keep_for = gc.options.keep_for->count();
  std::vector<Cache::Entry> views;
  std::vector<Cache::Entry> others;
  for (Cache::Entry& entry : cache.entries(true)) {
    (entry.kind == Cache::Kind::view ? views : others).push_back(std::move(entry));
  }
  evict(gc, cache, views, rules);
  rules.keep_last.reset();  // speaks of views, which are what people pull
  evict(gc, cache, others, rules);
  views.insert(views.end(), others.begin(), others.end());
  evict(gc, cache, views,
        {now, gc.state.options.cache_size, std::nullopt, std::nullopt, Cache::kYoungMs});
}

}  // namespace algoctl
