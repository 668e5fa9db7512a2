#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "algoctl/resolve.h"
#include "registry/algorithms.h"
#include "registry/db.h"

namespace algoctl {

/// What a label names now.
std::optional<LabelInfo> find_label(Db& db, const AlgorithmRow& algorithm, const Label& label);

/// All labels of an algorithm, sorted by name.
std::vector<LabelInfo> labels_of(Db& db, const AlgorithmRow& algorithm);

/// True when the label names the object now or did before.
bool label_ever_named(Db& db, const AlgorithmRow& algorithm, const Label& label,
                      const Digest& object);

/// Makes the head say what the last event says: that the label names the object.
void point_label(Db& db, const AlgorithmRow& algorithm, const Label& label, const Digest& object);

/// Points a label at an object that is recorded, as an event; the same again changes nothing.
void move_label(Db& db, AlgorithmRow& algorithm, const Label& label, const Digest& object,
                const std::string& who, std::int64_t now_ms);

}  // namespace algoctl
