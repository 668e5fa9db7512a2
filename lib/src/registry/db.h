#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace algoctl {

/// A value for a statement's parameter. Text must outlive the call that takes it.
struct Parameter {
  enum class Type { null, integer, text, blob };

  Parameter(std::nullptr_t) {}
  Parameter(std::int64_t value) : type(Type::integer), integer(value) {}
  Parameter(int value) : type(Type::integer), integer(value) {}
  Parameter(std::string_view value) : type(Type::text), text(value) {}
  Parameter(const std::string& value) : type(Type::text), text(value) {}
  Parameter(const char* value) : type(Type::text), text(value) {}
  Parameter(const std::optional<std::string>& value) {
    if (value) *this = Parameter(*value);
  }
  static Parameter blob(std::string_view bytes) {
    Parameter parameter(bytes);
    parameter.type = Type::blob;
    return parameter;
  }

  Type type = Type::null;
  std::int64_t integer = 0;
  std::string_view text;
};

/// The rows of a running statement. Valid until the same text is asked again or the Db goes.
class Rows {
 public:
  virtual ~Rows() = default;

  /// Steps to the next row; false when there is none.
  virtual bool next() = 0;

  // Columns of the current row, from 0.
  [[nodiscard]] virtual bool is_null(int column) const = 0;
  [[nodiscard]] virtual std::int64_t integer(int column) const = 0;
  [[nodiscard]] virtual std::string text(int column) const = 0;
  [[nodiscard]] std::optional<std::string> text_or_null(int column) const {
    return is_null(column) ? std::nullopt : std::optional(text(column));
  }
};

/// One connection to a registry's database, and the only place where SQL text meets a database.
/// The text is what SQLite and PostgreSQL both take; parameters are `$1`, `$2` … and bound by name.
/// Throws Error: busy when still locked after the timeout, integrity when the database is damaged,
/// storage when it is refused. One thread at a time.
class Db {
 public:
  virtual ~Db() = default;

  /// Starts a statement; the n-th value is `$n`. `sql` is remembered prepared by its address: a
  /// literal. The same literal must not be started again while its rows are being read.
  virtual Rows& query(const char* sql, std::initializer_list<Parameter> parameters = {}) = 0;

  /// Runs a statement that gives no rows.
  void run(const char* sql, std::initializer_list<Parameter> parameters = {}) {
    query(sql, parameters).next();
  }

  /// Runs several statements without parameters, such as a migration.
  virtual void script(std::string_view sql) = 0;

  /// A read transaction sees one state of the database; a write transaction holds its one write
  /// lock.
  enum class Access { read, write };
  virtual void begin(Access access) = 0;
  virtual void commit() = 0;  ///< durable when it returns
  virtual void rollback() noexcept = 0;
};

/// A transaction that is rolled back unless it was committed.
class Transaction {
 public:
  Transaction(Db& db, Db::Access access) : db_(db) { db_.begin(access); }
  ~Transaction() {
    if (!done_) db_.rollback();
  }
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  void commit() {
    db_.commit();
    done_ = true;
  }

 private:
  Db& db_;
  bool done_ = false;
};

}  // namespace algoctl
