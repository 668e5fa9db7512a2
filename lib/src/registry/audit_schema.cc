#include <cctype>
#include <chrono>
#include <map>

#include "base/text.h"
#include "registry/audit.h"
#include "registry/migrate.h"
#include "registry/settings.h"
#include "registry/sqlite_db.h"

namespace algoctl {
namespace {

/// White space is not the same after each way to copy a database.
std::string without_spaces(const std::string& sql) {
  std::string text;
  for (const char c : sql) {
    if (std::isspace(static_cast<unsigned char>(c)) == 0) text += c;
  }
  return text;
}

/// What a database is made of: `trigger version_update`, and the text that makes it.
std::map<std::string, std::string> parts_of(Db& db) {
  std::map<std::string, std::string> parts;
  Rows& rows = db.query("SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL");
  while (rows.next()) {
    parts[rows.text(0) + " " + rows.text(1)] = without_spaces(rows.text(2));
  }
  return parts;
}

std::map<std::string, std::string> parts_as_made() {
  const auto db =
      open_sqlite({":memory:", SqliteOptions::Mode::create, std::chrono::milliseconds(0), nullptr});
  migrate(*db, ":memory:");
  return parts_of(*db);
}

}  // namespace

void audit_schema(Db& db, const Report& report) {
  const auto wrong = [&](const std::string& detail) {
    report("registry-damaged", "registry.db", detail);
  };
  const auto found = parts_of(db);
  const auto made = parts_as_made();
  for (const auto& [name, sql] : made) {
    const auto part = found.find(name);
    if (part == found.end()) {
      wrong(name + " is missing");
    } else if (part->second != sql) {
      wrong(name + " is not as this program makes it");
    }
  }
  for (const auto& [name, sql] : found) {
    // A table or an index more is somebody's own affair; a trigger changes what others write.
    if (made.count(name) == 0 && starts_with(name, "trigger ")) {
      wrong(name + " is none of its own");
    }
  }
  if (!setting(db, "registry_id")) wrong("the setting registry_id is missing");
}

}  // namespace algoctl
