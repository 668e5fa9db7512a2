#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "algoctl/name.h"
#include "algoctl/version.h"
#include "registry/db.h"

namespace algoctl {

/// An algorithm's own row: its counters, and the head of its journal.
struct AlgorithmRow {
  std::int64_t id;
  Algorithm name;
  std::int64_t version_seq;
  std::optional<Version> highest_release;
  std::int64_t revision;
  std::int64_t journal_seq;
  std::int64_t journal_at;
  std::string journal_head;  ///< hexadecimal digits; empty before the first event
};

std::optional<AlgorithmRow> find_algorithm(Db& db, const Algorithm& name);

/// The row of `name`, made when it is not there. To be called in a write transaction.
/// Throws Error{conflict} when another algorithm's name looks the same.
AlgorithmRow take_algorithm(Db& db, const Algorithm& name);

/// Throws Error{conflict} when another algorithm's name looks the same.
void check_collision(Db& db, const Algorithm& name);

/// All names, sorted.
std::vector<Algorithm> algorithm_names(Db& db);

/// Moves the version counter on, and the highest release when `version` is a higher one; in the
/// database and in `row`.
void count_version(Db& db, AlgorithmRow& row, const Version& version);

}  // namespace algoctl
