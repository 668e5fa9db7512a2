#include "registry/migrate.h"

#include <string>

#include "algoctl/error.h"
#include "base/text.h"
#include "migrations.h"

namespace algoctl {
namespace {

std::int64_t pragma(Db& db, const char* sql) {
  Rows& rows = db.query(sql);
  const std::int64_t value = rows.next() ? rows.integer(0) : 0;
  rows.next();
  return value;
}

std::int64_t application_id(Db& db) { return pragma(db, "PRAGMA application_id"); }
std::int64_t user_version(Db& db) { return pragma(db, "PRAGMA user_version"); }

}  // namespace

SchemaState check_schema(Db& db, const std::string& path) {
  const std::int64_t version = user_version(db);
  if (application_id(db) != kApplicationId) {
    throw Error(Code::integrity, quoted(path) + " is a database, but no registry of algoctl",
                "nothing was written; name another --registry or --home");
  }
  const auto newest = static_cast<std::int64_t>(sqlite_migrations().size());
  if (version > newest) {
    throw Error(Code::storage,
                "registry " + quoted(path) + " has schema " + std::to_string(version) +
                    ", newer than this program, which knows " + std::to_string(newest),
                "nothing was written; install a newer algoctl");
  }
  return {version, version == newest};
}

void migrate(Db& db, const std::string& path, std::size_t target) {
  const auto migrations = sqlite_migrations();
  if (target == 0) target = migrations.size();
  for (bool done = false; !done;) {
    Transaction transaction(db, Db::Access::write);
    const auto version = static_cast<std::size_t>(user_version(db));
    done = version >= target;
    if (!done) {
      try {
        db.script(migrations[version]);
      } catch (Error& error) {
        throw error.within("migration " + std::to_string(version + 1) + " of " + quoted(path));
      }
      db.script("PRAGMA application_id = " + std::to_string(kApplicationId) +
                "; PRAGMA user_version = " + std::to_string(version + 1));
    }
    transaction.commit();
  }
}

}  // namespace algoctl
