#pragma once

#include <cstdint>
#include <functional>

#include "core/archive_lines.h"
#include "registry/algorithms.h"
#include "registry/db.h"
#include "registry/journal.h"

namespace algoctl {

/// The whole journal of an algorithm, oldest first.
void visit_journal(Db& db, const AlgorithmRow& algorithm,
                   const std::function<void(const JournalRow&)>& visit);

/// The versions that were published after the one with that sequence, oldest first.
void visit_published(Db& db, const AlgorithmRow& algorithm, std::int64_t after,
                     const std::function<void(const VersionInfo&)>& visit);

/// What a row says, as an event.
Event event_of(const JournalRow& row);

/// Checks that rows are one chain from the first on. Values of one journal, in order.
class ChainCheck {
 public:
  explicit ChainCheck(const Algorithm& algorithm) : algorithm_(algorithm) {}

  /// True when `row` is the next one, and its digest that of the chain.
  [[nodiscard]] bool add(const JournalRow& row);

  [[nodiscard]] std::int64_t count() const noexcept { return count_; }
  /// The last digest; empty before the first row.
  [[nodiscard]] const std::string& head() const noexcept { return head_; }

 private:
  const Algorithm& algorithm_;
  std::int64_t count_ = 0;
  std::string head_;
};

/// The id (JournalRow::id) of the event that made a label name what it names now; empty when there
/// is no such label.
std::string label_event_id(Db& db, const AlgorithmRow& algorithm, const Label& label);

}  // namespace algoctl
