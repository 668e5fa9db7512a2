#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "algoctl/digest.h"
#include "registry/db.h"

namespace algoctl {

// Which objects something needs: versions, labels, uploads under way. And the trash, which is where
// an object is noted that nothing needs: it stays in the store for a grace, so that whoever has its
// path may still open it.

/// The objects that something needs, sorted, each once. `ended`: sorted ids of uploads that are not
/// under way any more, whether their rows are gone or not.
std::vector<Digest> reached_objects(Db& db, const std::vector<std::string>& ended);

/// An object that a version or a label needs.
struct NeededObject {
  Digest object;
  std::int64_t size;  ///< bytes
  bool placed;        ///< the registry says that the store has it
};

/// All of them, sorted; those of a store's registry.
std::vector<NeededObject> needed_objects(Db& db, const std::string& store_id);

/// True when something needs the object.
bool is_reached(Db& db, const Digest& object);

/// A label that named an object and was moved away from it.
struct FormerLabel {
  std::string uri;    ///< `data://owner/name/LABEL`
  std::int64_t rank;  ///< 1 for what the label named just before
  Digest object;
  std::int64_t left_at;  ///< milliseconds since 1970, UTC
};

/// Calls `visit` for every move away from an object, label by label, the latest first.
void visit_former_labels(Db& db, const std::function<void(const FormerLabel&)>& visit);

/// Since when an object of a store is in the trash, or nullopt.
std::optional<std::int64_t> trashed_since(Db& db, const Digest& object,
                                          const std::string& store_id);

/// The objects of a store that are in the trash, and since when.
std::map<Digest, std::int64_t> trash_of(Db& db, const std::string& store_id);

void put_into_trash(Db& db, const Digest& object, const std::string& store_id, std::int64_t size,
                    std::int64_t now_ms);

/// Something needs the object again.
void take_from_trash(Db& db, const Digest& object);

/// Forgets an object that was removed from a store, and that nothing needs.
void forget_object(Db& db, const Digest& object, const std::string& store_id);

}  // namespace algoctl
