#include "registry/uploads.h"

namespace algoctl {

void begin_upload(Db& db, const std::string& id, const ProcessIdentity& process,
                  std::int64_t now_ms) {
  db.run(
      "INSERT INTO upload (id, state, object, size, host, boot, pid, started_at) "
      "VALUES ($1, 'pending', NULL, NULL, $2, $3, $4, $5)",
      {id, process.host, process.boot, process.pid, now_ms});
}

void upload_expects(Db& db, const std::string& id, const Digest& object, std::int64_t size) {
  db.run("UPDATE upload SET object = $2, size = $3 WHERE id = $1", {id, object.hex(), size});
}

bool upload_holds(Db& db, const std::string& id, const Digest& object) {
  return db.query("SELECT 1 FROM upload WHERE id = $1 AND object = $2", {id, object.hex()}).next();
}

void upload_stored(Db& db, const std::string& id, const Digest& object, std::int64_t size) {
  db.run("UPDATE upload SET state = 'stored', object = $2, size = $3 WHERE id = $1",
         {id, object.hex(), size});
}

void end_upload(Db& db, const std::string& id) { db.run("DELETE FROM upload WHERE id = $1", {id}); }

std::vector<AbandonedUpload> abandoned_uploads(Db& db, std::int64_t now_ms) {
  constexpr std::int64_t kLeaseMs = std::int64_t{24} * 60 * 60 * 1000;
  std::vector<AbandonedUpload> uploads;
  Rows& rows = db.query("SELECT id, boot, pid, started_at FROM upload ORDER BY id");
  while (rows.next()) {
    const Life life = life_of(rows.text(1), rows.integer(2));
    const std::int64_t started_at = rows.integer(3);
    const bool past = life == Life::unknown && now_ms - started_at > kLeaseMs;
    if (life == Life::ended || past) uploads.push_back({rows.text(0), started_at});
  }
  return uploads;
}

std::vector<std::string> upload_ids(Db& db) {
  std::vector<std::string> ids;
  Rows& rows = db.query("SELECT id FROM upload ORDER BY id");
  while (rows.next()) ids.push_back(rows.text(0));
  return ids;
}

}  // namespace algoctl
