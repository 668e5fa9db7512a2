#include "support/damage.h"

#include <sys/stat.h>

#include <chrono>
#include <fstream>
#include <map>
#include <stdexcept>

#include "registry/sqlite_db.h"

namespace algoctl::test {

void tamper(const Shop& shop, const std::string& sql, const std::string& lost_trigger) {
  const auto db = open_sqlite({shop.home() + "/registry.db", SqliteOptions::Mode::read_write,
                               std::chrono::seconds(10), nullptr});
  std::map<std::string, std::string> triggers;
  Rows& rows = db->query("SELECT name, sql, tbl_name FROM sqlite_schema WHERE type = 'trigger'");
  while (rows.next()) {
    const bool goes_with_its_table = sql.find("DROP TABLE " + rows.text(2)) != std::string::npos;
    triggers[rows.text(0)] = goes_with_its_table ? "" : rows.text(1);
  }
  db->script("PRAGMA foreign_keys = OFF");
  if (!sql.empty()) {
    for (const auto& [name, text] : triggers) db->script("DROP TRIGGER " + name);
    db->script(sql);
    for (const auto& [name, text] : triggers) {
      if (name != lost_trigger) db->script(text);
    }
  }
  db->script("PRAGMA wal_checkpoint(TRUNCATE)");
}

std::int64_t count_in_registry(const Shop& shop, const char* sql) {
  const auto db = open_sqlite(
      {shop.registry(), SqliteOptions::Mode::read_only, std::chrono::seconds(30), nullptr});
  Rows& rows = db->query(sql);
  return rows.next() ? rows.integer(0) : -1;
}

std::string object_path(const Shop& shop, const std::string& bytes) {
  const std::string hex = sha256_of(bytes);
  return shop.home() + "/store/objects/sha256/" + hex.substr(0, 2) + "/" + hex;
}

void overwrite(const std::string& path, const std::string& bytes) {
  ::chmod(path.c_str(), 0644);
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << bytes;
  if (!file.flush()) throw std::runtime_error("cannot write " + path);
}

std::string flipped(std::string bytes, std::size_t at) {
  bytes.at(at) = static_cast<char>(bytes[at] ^ 1);
  return bytes;
}

}  // namespace algoctl::test
