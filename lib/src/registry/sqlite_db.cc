#include "registry/sqlite_db.h"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Exception.h>
#include <SQLiteCpp/Statement.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <sys/file.h>

#include <array>
#include <cerrno>
#include <unordered_map>
#include <utility>

#include "algoctl/error.h"
#include "base/file.h"
#include "base/text.h"
#include "base/wait.h"
#include "registry/commit_mark.h"
#include "registry/side_file.h"

namespace algoctl {
namespace {

constexpr std::array<const char*, 20> kParameterNames = {
    "$1",  "$2",  "$3",  "$4",  "$5",  "$6",  "$7",  "$8",  "$9",  "$10",
    "$11", "$12", "$13", "$14", "$15", "$16", "$17", "$18", "$19", "$20"};

/// SQLite says of a page that the disk did not give that it is damaged. What the system said when a
/// file of the database could not be read, if that is so; else 0.
int failure_of_disk(sqlite3* handle) {
  for (const int which : {SQLITE_FCNTL_FILE_POINTER, SQLITE_FCNTL_JOURNAL_POINTER}) {
    sqlite3_file* file = nullptr;
    int said = 0;
    sqlite3_file_control(handle, "main", which, static_cast<void*>(&file));
    if (file == nullptr || file->pMethods == nullptr) continue;
    file->pMethods->xFileControl(file, SQLITE_FCNTL_LAST_ERRNO, &said);
    if (said == EIO || said == ENXIO || said == ESTALE) return said;
  }
  return 0;
}

constexpr const char* kCheckDisk = "check the disk, and the permissions of the file and its folder";

/// Where a copy was made of the file alone, and nobody may write beside it, it cannot be read.
std::string hint_for_access(const std::string& path, const char* usual) {
  if (stat_if_there(path + "-wal")) return usual;
  return "it was closed or copied without its side files -wal and -shm: let somebody who may write "
         "there run any algoctl command once";
}

[[noreturn]] void translate(const SQLite::Exception& error, const std::string& path,
                            const std::atomic<bool>* stop, int disk_error) {
  const std::string registry = "registry " + quoted(path);
  const std::string said = error.what();
  switch (error.getErrorCode()) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      if (stop != nullptr && stop->load()) {
        throw Error(Code::interrupted, "stopped while waiting for the registry");
      }
      throw Error(Code::busy, registry + " is still locked by another process",
                  "try again, or wait longer with --timeout");
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      if (disk_error != 0) throw_errno("cannot read " + registry, disk_error);
      throw Error(Code::integrity, registry + " is damaged: " + said,
                  "nothing was written; restore the file from a backup");
    case SQLITE_FULL:
      throw Error(Code::storage, registry + " cannot grow: the disk is full",
                  "free some space and run it again");
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      throw Error(Code::storage, registry + " may not be written: " + said,
                  hint_for_access(path, "check the permissions of the file and its folder"));
    case SQLITE_CANTOPEN:
      throw Error(Code::storage, registry + " cannot be used: " + said,
                  hint_for_access(path, kCheckDisk));
    case SQLITE_IOERR:
      throw Error(Code::storage, registry + " cannot be used: " + said, kCheckDisk);
    case SQLITE_NOMEM: throw Error(Code::storage, "out of memory in the registry");
    case SQLITE_CONSTRAINT:
      throw Error(Code::integrity, registry + " refused a row: " + said,
                  "its rows contradict each other; restore the file from a backup");
    case SQLITE_ERROR:
      // A missing table, column or key: not what a registry of this schema holds.
      if (said.find("no such") != std::string::npos ||
          said.find("foreign key mismatch") != std::string::npos) {
        throw Error(Code::integrity, registry + " is damaged: " + said,
                    "nothing was written; restore the file from a backup");
      }
      [[fallthrough]];
    default: throw Error(Code::internal, registry + ": " + said);
  }
}

class SqliteDb;

class SqliteRows : public Rows {
 public:
  SqliteRows(SqliteDb& owner, SQLite::Database& database, const char* sql)
      : owner_(owner), statement_(database, sql) {}

  void start(std::initializer_list<Parameter> parameters) {
    statement_.reset();
    std::size_t number = 0;
    for (const Parameter& parameter : parameters) bind(kParameterNames.at(number++), parameter);
  }

  bool next() override;

  [[nodiscard]] bool is_null(int column) const override {
    return statement_.getColumn(column).isNull();
  }
  [[nodiscard]] std::int64_t integer(int column) const override {
    return statement_.getColumn(column).getInt64();
  }
  [[nodiscard]] std::string text(int column) const override {
    return statement_.getColumn(column).getString();
  }

  void reset() noexcept { statement_.tryReset(); }

 private:
  void bind(const char* name, const Parameter& parameter) {
    switch (parameter.type) {
      case Parameter::Type::null: statement_.bind(name); break;
      case Parameter::Type::integer: statement_.bind(name, parameter.integer); break;
      case Parameter::Type::text: statement_.bind(name, std::string(parameter.text)); break;
      case Parameter::Type::blob:
        statement_.bind(name, parameter.text.data(), static_cast<int>(parameter.text.size()));
        break;
    }
  }

  SqliteDb& owner_;
  mutable SQLite::Statement statement_;
};

int open_flags(SqliteOptions::Mode mode) {
  switch (mode) {
    case SqliteOptions::Mode::read_only: return SQLite::OPEN_READONLY;
    case SqliteOptions::Mode::read_write: return SQLite::OPEN_READWRITE;
    case SqliteOptions::Mode::create: return SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE;
  }
  return SQLite::OPEN_READONLY;
}

class SqliteDb : public Db {
 public:
  explicit SqliteDb(const SqliteOptions& options)
      : options_(options), database_(options.path, open_flags(options.mode)) {
    sqlite3* handle = database_.getHandle();
    sqlite3_busy_handler(handle, &SqliteDb::on_busy, this);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_FKEY, 1, nullptr);
    // Plans do not depend on values: else a statement is planned anew for each, because of the
    // partial index on precedence.
    sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_QPSG, 1, nullptr);
    database_.exec("PRAGMA cell_size_check = ON");
    if (is_in_memory()) return;
    if (options.mode != SqliteOptions::Mode::read_only) prepare_writer();
    commit_mark::settle(options.path);
  }

  ~SqliteDb() override { statements_.clear(); }

  Rows& query(const char* sql, std::initializer_list<Parameter> parameters) override {
    return guarded([&]() -> Rows& {
      auto& rows = statements_[sql];
      if (!rows) rows = std::make_unique<SqliteRows>(*this, database_, sql);
      rows->start(parameters);
      return *rows;
    });
  }

  void script(std::string_view sql) override {
    guarded([&] { database_.exec(std::string(sql)); });
  }

  void begin(Access access) override {
    if (access == Access::write) return begin_writing();
    guarded([&] { database_.exec("BEGIN"); });
  }

  void commit() override {
    finish_statements();
    commit_mark::set(queue_);
    guarded([&] {
      try {
        database_.exec("COMMIT");
      } catch (const SQLite::Exception&) {
        take_back();
        throw;
      }
    });
    commit_mark::clear(queue_);
    queue_ = Fd();
  }

  void rollback() noexcept override {
    finish_statements();
    database_.tryExec("ROLLBACK");
    queue_ = Fd();
  }

  template <typename Body>
  auto guarded(Body body) -> decltype(body()) {
    try {
      return body();
    } catch (const SQLite::Exception& error) {
      translate(error, options_.path, options_.stop, failure_of_disk(database_.getHandle()));
    }
  }

 private:
  void prepare_writer() {
    sqlite3* handle = database_.getHandle();
    // The side files stay, so that a reader who may not write the folder can open the database.
    int keep = 1;
    sqlite3_file_control(handle, "main", SQLITE_FCNTL_PERSIST_WAL, &keep);
    database_.exec(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 0; "
        "PRAGMA wal_autocheckpoint = 100");
    // A short-lived writer leaves its few pages in the log: two syncs less for every publish. A new
    // file closes whole, since it gets its name without its log.
    if (options_.mode == SqliteOptions::Mode::read_write) {
      sqlite3_db_config(handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    }
  }

  /// Waits for both locks together no longer than for one, and keeps neither when it throws.
  void begin_writing() {
    new_wait();
    Fd turn = queue_for_writing();
    waits_on_ = true;
    try {
      guarded([&] { database_.exec("BEGIN IMMEDIATE"); });
    } catch (const Error&) {
      waits_on_ = false;
      throw;
    }
    waits_on_ = false;
    queue_ = std::move(turn);
    log_before_ = Log::of(options_.path);
  }

  /// SQLite polls for its lock and lets late comers overtake; writers of this program ask for a
  /// file lock first. Only fairness rests on it: BEGIN IMMEDIATE is what excludes.
  Fd queue_for_writing() {
    if (is_in_memory()) return {};
    Fd file = open_side_file(options_.path + ".lock", O_RDWR);
    if (!file) file = open_side_file(options_.path + ".lock", O_RDONLY);
    if (!file) return {};
    while (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
      if (errno != EWOULDBLOCK && errno != EINTR) return {};
      if (!wait_->again()) return {};  // BEGIN IMMEDIATE says what is the matter
    }
    commit_mark::settle_and_clear(options_.path, file);
    return file;
  }

  /// A commit that could not be brought to the disk stands whole in the log, where whoever opens
  /// the file next would find it done.
  void take_back() noexcept {
    if (is_in_memory() || !log_before_) return;
    const auto failed = Log::since(options_.path, *log_before_);
    database_.tryExec("ROLLBACK");
    if (database_.tryExec("BEGIN IMMEDIATE") != SQLITE_OK) return;
    const bool gone = cut_log(options_.path, log_before_, failed);
    database_.tryExec("ROLLBACK");
    if (gone) commit_mark::clear(queue_);
  }

  [[nodiscard]] bool is_in_memory() const { return options_.path == ":memory:"; }

  void new_wait() { wait_.emplace(options_.timeout, options_.stop, "the registry"); }

  static int on_busy(void* self, int count) {
    auto& db = *static_cast<SqliteDb*>(self);
    if (count == 0 && !db.waits_on_) db.new_wait();
    try {
      return db.wait_->again() ? 1 : 0;
    } catch (const Error&) {
      return 0;  // translate() finds the stop flag set
    }
  }

  void finish_statements() noexcept {
    for (auto& [sql, rows] : statements_) {
      if (rows) rows->reset();
    }
  }

  SqliteOptions options_;
  SQLite::Database database_;
  std::unordered_map<const char*, std::unique_ptr<SqliteRows>> statements_;
  std::optional<Wait> wait_;
  bool waits_on_ = false;  // for SQLite's lock as long as is left of the wait for a turn
  Fd queue_;
  std::optional<Log> log_before_;  ///< when this write transaction began
};

bool SqliteRows::next() {
  return owner_.guarded([&] { return statement_.executeStep(); });
}

}  // namespace

std::unique_ptr<Db> open_sqlite(const SqliteOptions& options) {
  try {
    return std::make_unique<SqliteDb>(options);
  } catch (const SQLite::Exception& error) {
    translate(error, options.path, options.stop, 0);
  }
}

}  // namespace algoctl
