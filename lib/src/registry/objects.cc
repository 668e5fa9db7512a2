#include "registry/objects.h"

#include "algoctl/error.h"
#include "registry/roots.h"

namespace algoctl {

std::optional<std::int64_t> object_size(Db& db, const Digest& object) {
  Rows& rows = db.query("SELECT size FROM object WHERE digest = $1", {object.hex()});
  return rows.next() ? std::optional(rows.integer(0)) : std::nullopt;
}

void record_object(Db& db, const Digest& object, std::int64_t size, const std::string& store_id) {
  const auto known = object_size(db, object);
  if (known && *known != size) {
    throw Error(Code::integrity,
                "object " + object.str() + " has " + std::to_string(size) +
                    " bytes, but the registry says " + std::to_string(*known),
                "the registry is damaged; restore it from a backup");
  }
  if (!known) {
    db.run("INSERT INTO object (digest, size) VALUES ($1, $2)", {object.hex(), size});
  }
  take_from_trash(db, object);
  db.run(
      "INSERT INTO placement (object, store, key, owned) VALUES ($1, $2, $3, 1) "
      "ON CONFLICT (object, store) DO NOTHING",
      {object.hex(), store_id, "sha256/" + object.hex().substr(0, 2) + "/" + object.hex()});
}

}  // namespace algoctl
