#include "registry/algorithms.h"

#include "algoctl/error.h"
#include "base/text.h"

namespace algoctl {

std::optional<AlgorithmRow> find_algorithm(Db& db, const Algorithm& name) {
  Rows& rows = db.query(
      "SELECT id, version_seq, highest_release, revision, journal_seq, journal_at, journal_head "
      "FROM algorithm WHERE name = $1",
      {name.str()});
  if (!rows.next()) return std::nullopt;
  std::optional<Version> highest;
  if (const auto text = rows.text_or_null(2)) highest = Version::parse(*text);
  return AlgorithmRow{
      rows.integer(0), name,        rows.integer(1), highest, rows.integer(3), rows.integer(4),
      rows.integer(5), rows.text(6)};
}

void check_collision(Db& db, const Algorithm& name) {
  Rows& rows =
      db.query("SELECT name FROM algorithm WHERE collision_key = $1", {name.collision_key()});
  if (!rows.next() || rows.text(0) == name.str()) return;
  throw Error(Code::conflict,
              "algorithm " + quoted(name.str()) + " looks the same as " + quoted(rows.text(0)) +
                  ", which is there",
              "'-', '_' and '.' count as one character in a name; choose another one");
}

AlgorithmRow take_algorithm(Db& db, const Algorithm& name) {
  if (auto row = find_algorithm(db, name)) return *row;
  check_collision(db, name);
  // Under the write lock nobody else counts at the same time.
  db.run(
      "INSERT INTO algorithm (id, name, collision_key, version_seq, highest_release, revision, "
      "journal_seq, journal_at, journal_head) "
      "VALUES ((SELECT coalesce(max(id), 0) + 1 FROM algorithm), $1, $2, 0, NULL, 0, 0, 0, '')",
      {name.str(), name.collision_key()});
  return find_algorithm(db, name).value();
}

std::vector<Algorithm> algorithm_names(Db& db) {
  std::vector<Algorithm> names;
  Rows& rows = db.query("SELECT name FROM algorithm ORDER BY name");
  while (rows.next()) names.push_back(Algorithm::parse(rows.text(0)));
  return names;
}

void count_version(Db& db, AlgorithmRow& row, const Version& version) {
  ++row.version_seq;
  if (version.is_release() && (!row.highest_release || *row.highest_release < version)) {
    row.highest_release = version;
  }
  std::optional<std::string> highest;
  if (row.highest_release) highest = row.highest_release->str();
  db.run("UPDATE algorithm SET version_seq = $2, highest_release = $3 WHERE id = $1",
         {row.id, row.version_seq, highest});
}

}  // namespace algoctl
