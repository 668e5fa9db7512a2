#include "registry/uploads.h"

namespace algoctl {

void begin_upload(Db& db, const std::string& id, const AlgorithmRow& algorithm,
                  const ProcessIdentity& process, std::int64_t now_ms) {
  db.run(
      "INSERT INTO upload (id, algorithm, state, object, size, host, boot, pid, started_at) "
      "VALUES ($1, $2, 'pending', NULL, NULL, $3, $4, $5, $6)",
      {id, algorithm.id, process.host, process.boot, process.pid, now_ms});
}

void upload_stored(Db& db, const std::string& id, const Digest& object, std::int64_t size) {
  db.run("UPDATE upload SET state = 'stored', object = $2, size = $3 WHERE id = $1",
         {id, object.hex(), size});
}

void end_upload(Db& db, const std::string& id) { db.run("DELETE FROM upload WHERE id = $1", {id}); }

std::vector<std::string> abandoned_uploads(Db& db) {
  std::vector<std::string> ids;
  Rows& rows = db.query("SELECT id, boot, pid FROM upload");
  while (rows.next()) {
    if (has_ended(rows.text(1), rows.integer(2))) ids.push_back(rows.text(0));
  }
  return ids;
}

}  // namespace algoctl
