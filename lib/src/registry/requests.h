#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "algoctl/publish.h"
#include "registry/algorithms.h"
#include "registry/db.h"

namespace algoctl {

/// What was answered under an idempotency key: the same for ever.
struct Answer {
  Version version;
  std::optional<Version> previous;
  bool created;
  Digest manifest_sha256;
  std::int64_t at = 0;  ///< when it was recorded, as `record_answer` was told
};

/// The answer that was given under `key`, or nullopt.
/// Throws Error{conflict} when the key stands for another request.
std::optional<Answer> find_answer(Db& db, const AlgorithmRow& algorithm, const std::string& key,
                                  const Digest& request);

/// True when `key` stands for some request.
bool has_answer(Db& db, const AlgorithmRow& algorithm, const std::string& key);

void record_answer(Db& db, const AlgorithmRow& algorithm, const std::string& key,
                   const Digest& request, const Answer& answer, std::int64_t now_ms);

}  // namespace algoctl
