// resolve_in_process HOME ALGORITHM: how long one resolve takes in a process that has the registry
// open, beside a prepared lookup in bare SQLite and a clock read in the same process. Prints a line
// for each kind: name, median and 99th percentile in nanoseconds, separated by tabs.

#include <sqlite3.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <exception>
#include <functional>
#include <iostream>
#include <stdexcept>
#include <string>
#include <vector>

#include "algoctl/client.h"

namespace algoctl::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kRounds = 40;  // all kinds take turns, so that all see the same machine
constexpr int kCalls = 500;  // of one kind in a round

/// The newest 1.2.x, as a person would ask SQLite for it.
constexpr const char* kLookup =
    "SELECT major, minor, patch FROM version WHERE algorithm = 1 AND precedence = '~' "
    "AND major = 1 AND minor = 2 ORDER BY patch DESC LIMIT 1";

/// A prepared statement on a connection of its own.
class BareLookup {
 public:
  explicit BareLookup(const std::string& path) {
    if (sqlite3_open_v2(path.c_str(), &db_, SQLITE_OPEN_READONLY, nullptr) != SQLITE_OK ||
        sqlite3_prepare_v2(db_, kLookup, -1, &statement_, nullptr) != SQLITE_OK) {
      throw std::runtime_error(sqlite3_errmsg(db_));
    }
  }
  ~BareLookup() {
    sqlite3_finalize(statement_);
    sqlite3_close(db_);
  }
  BareLookup(const BareLookup&) = delete;
  BareLookup& operator=(const BareLookup&) = delete;

  void ask() {
    if (sqlite3_step(statement_) != SQLITE_ROW) throw std::runtime_error("no version 1.2.x");
    patch_ += sqlite3_column_int64(statement_, 2);
    sqlite3_reset(statement_);
  }

  void inside_transaction(const std::function<void()>& body) {
    sqlite3_exec(db_, "BEGIN", nullptr, nullptr, nullptr);
    body();
    sqlite3_exec(db_, "COMMIT", nullptr, nullptr, nullptr);
  }

 private:
  sqlite3* db_ = nullptr;
  sqlite3_stmt* statement_ = nullptr;
  std::int64_t patch_ = 0;
};

/// One kind of call, and how long each took.
struct Kind {
  std::string name;
  std::function<void()> call;
  std::function<void(const std::function<void()>&)> around;  ///< what a block of calls runs in
  std::vector<std::int64_t> nanoseconds = {};
};

void measure(Kind& kind) {
  kind.around([&] {
    for (int i = 0; i < kCalls; ++i) {
      const auto start = Clock::now();
      kind.call();
      const auto taken = Clock::now() - start;
      kind.nanoseconds.push_back(
          std::chrono::duration_cast<std::chrono::nanoseconds>(taken).count());
    }
  });
}

std::int64_t percentile(std::vector<std::int64_t>& values, std::size_t percent) {
  const auto place =
      values.begin() + static_cast<std::ptrdiff_t>((values.size() - 1) * percent / 100);
  std::nth_element(values.begin(), place, values.end());
  return *place;
}

void run(const std::string& home, const Algorithm& algorithm) {
  ClientOptions options;
  options.home = home;
  Client client(options);
  BareLookup bare(home + "/registry.db");
  const auto alone = [](const std::function<void()>& body) { body(); };
  std::vector<Kind> kinds;
  for (const char* selector : {"latest", "^1.2", "1.2", "1.2.3"}) {
    const Reference reference(algorithm, Selector::parse(selector));
    const auto resolve = [&client, reference] {
      if (!client.resolve(reference)) throw std::runtime_error("nothing matches");
    };
    kinds.push_back({std::string(selector) + " inside a transaction", resolve,
                     [&](const std::function<void()>& body) { client.read(body); }});
    kinds.push_back({std::string(selector) + " alone", resolve, alone});
  }
  const auto ask = [&bare] { bare.ask(); };
  kinds.push_back({"bare inside a transaction", ask,
                   [&](const std::function<void()>& body) { bare.inside_transaction(body); }});
  kinds.push_back({"bare alone", ask, alone});
  kinds.push_back({"clock", [] { static_cast<void>(Clock::now()); }, alone});

  for (Kind& kind : kinds) kind.call();  // opens, prepares, reads the pages in
  for (int round = 0; round < kRounds; ++round) {
    for (Kind& kind : kinds) measure(kind);
  }
  for (Kind& kind : kinds) {
    std::cout << kind.name << '\t' << percentile(kind.nanoseconds, 50) << '\t'
              << percentile(kind.nanoseconds, 99) << '\n';
  }
}

}  // namespace
}  // namespace algoctl::bench

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: resolve_in_process HOME ALGORITHM\n";
    return 2;
  }
  try {
    algoctl::bench::run(argv[1], algoctl::Algorithm::parse(argv[2]));
  } catch (const std::exception& error) {
    std::cerr << "resolve_in_process: " << error.what() << '\n';
    return 1;
  }
}
