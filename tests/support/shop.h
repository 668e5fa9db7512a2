#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "support/process.h"
#include "support/temporary_folder.h"

namespace algoctl::test {

using Arguments = std::vector<std::string>;

/// A small world for one test: a home that is absent at first, a cache, a user's folder and a work
/// folder, in which the program runs. CI is not set in it.
class Shop {
 public:
  Shop();

  [[nodiscard]] std::string home() const { return folder_ / "home"; }
  [[nodiscard]] std::string registry() const { return home() + "/registry.db"; }
  [[nodiscard]] std::string cache() const { return folder_ / "cache"; }
  [[nodiscard]] std::string work() const { return folder_ / "work"; }
  /// `PATH/NAME` beside all of them.
  [[nodiscard]] std::string operator/(std::string_view name) const { return folder_ / name; }

  /// Files of the work folder.
  std::string write(std::string_view name, std::string_view bytes) const;
  [[nodiscard]] std::string read(std::string_view name) const;
  [[nodiscard]] std::string manifest() const { return read("algorithm.json"); }

  /// How the program is started here: what `options` leaves open is filled in.
  [[nodiscard]] ProcessOptions inside(ProcessOptions options = {}) const;
  [[nodiscard]] ProcessResult algoctl(const Arguments& arguments,
                                      const ProcessOptions& options = {}) const;
  /// Standard output without its last line end. Throws with what it said when it does not exit 0.
  std::string answer(const Arguments& arguments, const ProcessOptions& options = {}) const;
  /// Writes a file of that name, uploads it and publishes. Returns the version's number.
  std::string ship(std::string_view name, std::string_view bytes, Arguments publish = {}) const;

  /// Everything in home and work folder: equal before and after what changes nothing.
  [[nodiscard]] std::string state() const;

 private:
  TemporaryFolder folder_;
};

/// One in whose work folder `acme/sentiment` was begun; nothing is published yet.
struct Started : Shop {
  Started();
};

/// Each entry below a folder with kind, mode, size and digest, sorted; `absent` when it is not
/// there. Of a registry the rows count, not its pages; of its side files only that they are there.
std::string listing(const std::string& folder);

/// 64 hexadecimal digits.
std::string sha256_of(std::string_view bytes);

/// `text` with each key replaced by its value.
std::string filled(std::string text, const std::map<std::string, std::string>& values);

/// `text` with each time (RFC 3339, UTC, milliseconds) replaced by TIME.
std::string without_times(const std::string& text);

/// `text` with each date (2019-02-28) replaced by DATE.
std::string without_dates(const std::string& text);

/// What the program says of an error: `algoctl: MESSAGE`, `  hint: HINT`.
std::string error_text(const std::string& message, const std::string& hint = "");

/// Checks that the command fails with this exit code, prints nothing but this error (times in it as
/// TIME), and changes nothing in home and work folder.
void check_error(const Shop& shop, const Arguments& arguments, int exit, const std::string& message,
                 const std::string& hint = "");

/// Makes the store in the shop's home another registry's.
void give_away_store(const Shop& shop);

/// The names in a folder, sorted, with a space between them.
std::string names_in(const std::string& folder);

}  // namespace algoctl::test
