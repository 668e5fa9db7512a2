#include "core/eviction.h"

#include <algorithm>
#include <numeric>

namespace algoctl {

std::vector<Eviction> plan_eviction(const std::vector<Evictable>& entries,
                                    const EvictionRules& rules) {
  std::vector<std::size_t> oldest_first(entries.size());
  std::iota(oldest_first.begin(), oldest_first.end(), std::size_t{0});
  std::stable_sort(oldest_first.begin(), oldest_first.end(), [&](std::size_t a, std::size_t b) {
    return entries[a].used_at < entries[b].used_at;
  });

  const bool choosy = rules.keep_last || rules.keep_for;
  std::vector<Eviction> plan;
  std::vector<std::size_t> stay;
  std::int64_t total = 0;
  for (std::size_t place = 0; place < oldest_first.size(); ++place) {
    const std::size_t index = oldest_first[place];
    const Evictable& entry = entries[index];
    const auto younger = static_cast<std::int64_t>(oldest_first.size() - place - 1);
    const bool kept = (rules.keep_last && younger < *rules.keep_last) ||
                      (rules.keep_for && entry.used_at >= rules.now - *rules.keep_for);
    if (entry.useless && !entry.held) {
      plan.push_back({index, EvictionReason::useless});
    } else if (choosy && !kept && !entry.held) {
      plan.push_back({index, EvictionReason::unused});
    } else {
      stay.push_back(index);
      total += entry.size;
    }
  }
  for (const std::size_t index : stay) {
    if (total <= rules.capacity) break;
    if (entries[index].held || entries[index].used_at > rules.now - rules.young) continue;
    plan.push_back({index, EvictionReason::over_capacity});
    total -= entries[index].size;
  }
  return plan;
}

}  // namespace algoctl
