#include "registry/settings.h"

namespace algoctl {

std::optional<std::string> setting(Db& db, const std::string& name) {
  Rows& rows = db.query("SELECT value FROM setting WHERE name = $1", {name});
  return rows.next() ? std::optional(rows.text(0)) : std::nullopt;
}

void set_setting(Db& db, const std::string& name, const std::string& value) {
  db.run(
      "INSERT INTO setting (name, value) VALUES ($1, $2) "
      "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
      {name, value});
}

}  // namespace algoctl
