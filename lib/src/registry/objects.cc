#include "registry/objects.h"

#include "algoctl/error.h"
#include "registry/roots.h"

namespace algoctl {

std::optional<std::int64_t> object_size(Db& db, const Digest& object) {
  Rows& rows = db.query("SELECT size FROM object WHERE digest = $1", {object.hex()});
  return rows.next() ? std::optional(rows.integer(0)) : std::nullopt;
}

namespace {

/// Its row, with its one size. Something needs it from now on.
void take_object(Db& db, const Digest& object, std::int64_t size) {
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
}

}  // namespace

void record_object(Db& db, const Digest& object, std::int64_t size, const std::string& store_id) {
  take_object(db, object, size);
  db.run(
      "INSERT INTO placement (object, store, key, owned) VALUES ($1, $2, $3, 1) "
      "ON CONFLICT (object, store) DO NOTHING",
      {object.hex(), store_id, "sha256/" + object.hex().substr(0, 2) + "/" + object.hex()});
}

void record_external(Db& db, const Digest& object, std::int64_t size, const std::string& url) {
  take_object(db, object, size);
  db.run(
      "INSERT INTO placement (object, store, key, owned) VALUES ($1, $2, '', 0) "
      "ON CONFLICT (object, store) DO NOTHING",
      {object.hex(), url});
}

std::vector<std::string> external_places(Db& db, const Digest& object) {
  std::vector<std::string> urls;
  Rows& rows = db.query(
      "SELECT store FROM placement WHERE object = $1 AND owned = 0 ORDER BY store", {object.hex()});
  while (rows.next()) urls.push_back(rows.text(0));
  return urls;
}

std::map<Digest, std::vector<std::string>> external_places(Db& db) {
  std::map<Digest, std::vector<std::string>> places;
  Rows& rows =
      db.query("SELECT object, store FROM placement WHERE owned = 0 ORDER BY object, store");
  while (rows.next()) places[Digest::parse(rows.text(0))].push_back(rows.text(1));
  return places;
}

}  // namespace algoctl
