#include "registry/roots.h"

#include <algorithm>

namespace algoctl {

std::vector<Digest> reached_objects(Db& db, const std::vector<std::string>& ended) {
  std::vector<Digest> objects;
  // Each by its index, so that nothing is sorted in a temporary file: the disk may be full.
  Rows& versions = db.query("SELECT DISTINCT object FROM manifest_object ORDER BY object");
  while (versions.next()) objects.push_back(Digest::parse(versions.text(0)));
  Rows& labels = db.query("SELECT DISTINCT object FROM label ORDER BY object");
  while (labels.next()) objects.push_back(Digest::parse(labels.text(0)));
  Rows& uploads = db.query("SELECT id, object FROM upload WHERE object IS NOT NULL");
  while (uploads.next()) {
    if (std::binary_search(ended.begin(), ended.end(), uploads.text(0))) continue;
    objects.push_back(Digest::parse(uploads.text(1)));
  }
  std::sort(objects.begin(), objects.end());
  objects.erase(std::unique(objects.begin(), objects.end()), objects.end());
  return objects;
}

std::vector<NeededObject> needed_objects(Db& db, const std::string& store_id) {
  std::vector<NeededObject> objects;
  Rows& rows = db.query(
      "SELECT o.digest, o.size, p.store FROM object o "
      "LEFT JOIN placement p ON p.object = o.digest AND p.store = $1 "
      "WHERE EXISTS (SELECT 1 FROM manifest_object m WHERE m.object = o.digest) "
      "OR EXISTS (SELECT 1 FROM label l WHERE l.object = o.digest) ORDER BY o.digest",
      {store_id});
  while (rows.next()) {
    objects.push_back({Digest::parse(rows.text(0)), rows.integer(1), !rows.is_null(2)});
  }
  return objects;
}

bool is_reached(Db& db, const Digest& object) {
  return db
      .query(
          "SELECT 1 WHERE EXISTS (SELECT 1 FROM manifest_object WHERE object = $1) "
          "OR EXISTS (SELECT 1 FROM label WHERE object = $1) "
          "OR EXISTS (SELECT 1 FROM upload WHERE object = $1)",
          {object.hex()})
      .next();
}

void visit_former_labels(Db& db, const std::function<void(const FormerLabel&)>& visit) {
  Rows& rows = db.query(
      "SELECT a.name, j.name, j.old, j.at FROM journal j JOIN algorithm a ON a.id = j.algorithm "
      "WHERE j.event = 'label' AND j.old <> '' ORDER BY j.algorithm, j.name, j.seq DESC");
  std::string last;
  std::int64_t rank = 0;
  while (rows.next()) {
    FormerLabel label{"data://" + rows.text(0) + "/" + rows.text(1), 1, Digest::parse(rows.text(2)),
                      rows.integer(3)};
    rank = label.uri == last ? rank + 1 : 1;
    label.rank = rank;
    last = label.uri;
    visit(label);
  }
}

std::optional<std::int64_t> trashed_since(Db& db, const Digest& object,
                                          const std::string& store_id) {
  Rows& rows = db.query("SELECT trashed_at FROM trash WHERE object = $1 AND store = $2",
                        {object.hex(), store_id});
  return rows.next() ? std::optional(rows.integer(0)) : std::nullopt;
}

std::map<Digest, std::int64_t> trash_of(Db& db, const std::string& store_id) {
  std::map<Digest, std::int64_t> trash;
  Rows& rows = db.query("SELECT object, trashed_at FROM trash WHERE store = $1", {store_id});
  while (rows.next()) trash.emplace(Digest::parse(rows.text(0)), rows.integer(1));
  return trash;
}

void put_into_trash(Db& db, const Digest& object, const std::string& store_id, std::int64_t size,
                    std::int64_t now_ms) {
  db.run(
      "INSERT INTO trash (object, store, size, trashed_at) VALUES ($1, $2, $3, $4) "
      "ON CONFLICT (object, store) DO NOTHING",
      {object.hex(), store_id, size, now_ms});
}

void take_from_trash(Db& db, const Digest& object) {
  db.run("DELETE FROM trash WHERE object = $1", {object.hex()});
}

void forget_object(Db& db, const Digest& object, const std::string& store_id) {
  db.run("DELETE FROM trash WHERE object = $1 AND store = $2", {object.hex(), store_id});
  db.run("DELETE FROM placement WHERE object = $1 AND store = $2", {object.hex(), store_id});
  db.run(
      "DELETE FROM object WHERE digest = $1 "
      "AND NOT EXISTS (SELECT 1 FROM placement WHERE object = $1)",
      {object.hex()});
}

}  // namespace algoctl
