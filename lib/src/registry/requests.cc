#include "registry/requests.h"

#include "algoctl/error.h"
#include "base/text.h"

namespace algoctl {

std::optional<Answer> find_answer(Db& db, const AlgorithmRow& algorithm, const std::string& key,
                                  const Digest& request) {
  Rows& rows = db.query(
      "SELECT request, version, previous, created, manifest, at FROM request "
      "WHERE algorithm = $1 AND key = $2",
      {algorithm.id, key});
  if (!rows.next()) return std::nullopt;
  if (rows.text(0) != request.hex()) {
    throw Error(
        Code::conflict,
        "idempotency key " + quoted(key) + " was used for another request, which made " +
            rows.text(1),
        "use a new --idempotency-key, or repeat the manifest and options of the first time");
  }
  std::optional<Version> previous;
  if (const auto text = rows.text_or_null(2)) previous = Version::parse(*text);
  return Answer{Version::parse(rows.text(1)), previous, rows.integer(3) != 0,
                Digest::parse(rows.text(4)), rows.integer(5)};
}

bool has_answer(Db& db, const AlgorithmRow& algorithm, const std::string& key) {
  return db.query("SELECT 1 FROM request WHERE algorithm = $1 AND key = $2", {algorithm.id, key})
      .next();
}

void record_answer(Db& db, const AlgorithmRow& algorithm, const std::string& key,
                   const Digest& request, const Answer& answer, std::int64_t now_ms) {
  std::optional<std::string> previous;
  if (answer.previous) previous = answer.previous->str();
  db.run(
      "INSERT INTO request (algorithm, key, request, version, previous, created, manifest, at) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
      {algorithm.id, key, request.hex(), answer.version.str(), previous,
       static_cast<std::int64_t>(answer.created), answer.manifest_sha256.hex(), now_ms});
}

}  // namespace algoctl
