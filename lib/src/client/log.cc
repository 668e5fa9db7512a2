#include <queue>
#include <tuple>

#include "algoctl/client.h"
#include "client/explain.h"
#include "client/state.h"
#include "registry/channels.h"
#include "registry/history.h"

namespace algoctl {
namespace {

using Visit = std::function<bool(const LogEvent&)>;

/// The last event of a journal that `options` let through; 0 for none.
std::int64_t last_event(Db& db, const AlgorithmRow& algorithm, const LogOptions& options) {
  return options.until ? event_at(db, algorithm, *options.until) : algorithm.journal_seq;
}

void log_channel(Db& db, const AlgorithmRow& algorithm, const LogOptions& options,
                 const Visit& visit) {
  if (!find_channel(db, algorithm, options.channel)) {
    throw no_such_channel(db, algorithm, options.channel);
  }
  visit_channel_events(db, algorithm, options.channel, last_event(db, algorithm, options),
                       [&](const LogEvent& event) {
                         return (!options.since || event.at >= *options.since) && visit(event);
                       });
}

/// Journals are short ways back in time; the newest event of all is at the head of one of them.
void log_merged(Db& db, const std::vector<AlgorithmRow>& algorithms, const LogOptions& options,
                const Visit& visit) {
  const auto older = [](const auto& a, const auto& b) {
    return std::forward_as_tuple(a.first.at, b.first.algorithm.str(), a.first.sequence) <
           std::forward_as_tuple(b.first.at, a.first.algorithm.str(), b.first.sequence);
  };
  using Head = std::pair<LogEvent, const AlgorithmRow*>;
  std::priority_queue<Head, std::vector<Head>, decltype(older)> heads(older);
  const auto push = [&](const AlgorithmRow& algorithm, std::int64_t sequence) {
    if (sequence == 0) return;
    LogEvent event = read_event(db, algorithm, sequence);
    if (!options.since || event.at >= *options.since) heads.emplace(std::move(event), &algorithm);
  };
  for (const AlgorithmRow& algorithm : algorithms) {
    push(algorithm, last_event(db, algorithm, options));
  }
  while (!heads.empty()) {
    const auto [event, algorithm] = heads.top();
    heads.pop();
    if (!visit(event)) return;
    push(*algorithm, event.sequence - 1);
  }
}

}  // namespace

void Client::log(const LogOptions& options, const Visit& visit) {
  state_->registry.read([&](Db& db) {
    std::vector<AlgorithmRow> algorithms;
    if (options.algorithm) {
      algorithms.push_back(require_algorithm(db, *options.algorithm));
    } else {
      for (const Algorithm& name : algorithm_names(db)) {
        algorithms.push_back(require_algorithm(db, name));
      }
    }
    if (options.channel.empty()) return log_merged(db, algorithms, options, visit);
    if (!options.algorithm) {
      throw Error(Code::usage, "a channel belongs to an algorithm, and none is named",
                  "write log OWNER/NAME --channel " + options.channel);
    }
    log_channel(db, algorithms.front(), options, visit);
  });
}

}  // namespace algoctl
