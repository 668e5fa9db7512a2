#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "algoctl/client.h"
#include "base/json.h"
#include "console.h"
#include "globals.h"
#include "output.h"
#include "settings.h"

namespace algoctl::cli {

constexpr std::int64_t kLargestManifest = 4 << 20;  ///< bytes

class ProgressBar;
class Rows;

/// What a command works with: settings, the client, its answer on stdout, its words on stderr.
class Context {
 public:
  /// Adds the members of a command's record after `schema`.
  using Fill = std::function<void(Json& record)>;

  /// `command` is its name, for the schema of its answers.
  Context(std::string command, const GlobalOptions& globals, const Surroundings& surroundings,
          Output& output, Console& console);
  ~Context();
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  // The library

  [[nodiscard]] const Settings& settings() const noexcept { return settings_; }

  /// For commands that read. Made at the first call. A command calls this or `writing_client`.
  Client& client();
  /// For commands that write the registry. Throws Error{usage} on a CI machine without a named one.
  Client& writing_client();

  // The answer, on stdout

  [[nodiscard]] bool json() const noexcept { return globals_.json; }

  /// One line; or with --json one record: `schema`, then what `fill` sets.
  void answer(std::string_view line, const Fill& fill);
  /// The same with several lines, or none.
  void answer(const std::vector<std::string>& lines, const Fill& fill);

  /// An answer of any length: lines as they come, or with --json one record whose last member `key`
  /// is the array of them. `head` sets the members before it.
  Rows rows(const std::string& key, const Fill& head = {});

  /// The bytes of an answer that is neither. Whatever has been answered is visible after `flush`,
  /// which returns false once nobody reads any more.
  void write(std::string_view bytes);
  bool flush();

  // The conversation, on stderr

  /// Not with -q or --json.
  void message(std::string_view text);
  /// Only with -v.
  void detail(std::string_view text);
  /// Not with -q.
  void warn(std::string_view text);
  /// On a terminal: a line that stands until something else is said; on none false. Not with -q or
  /// --json.
  bool show(const std::string& line);
  /// Asks on a terminal; --yes answers. Throws Error{usage} when there is nobody to ask.
  bool confirm(std::string_view question);

  // Where the command stands

  /// The current folder, absolute.
  [[nodiscard]] const std::string& folder() const noexcept { return folder_; }
  /// The manifest named, or the nearest algorithm.json, or nullopt.
  std::optional<std::string> find_manifest();
  /// The same; throws Error{usage} when there is none.
  std::string manifest();
  /// The algorithm whose folder this is, by its manifest; nullopt without one.
  std::optional<Algorithm> own_algorithm();
  /// Parses a reference; `@SELECTOR` alone means this folder's algorithm.
  Reference reference(const std::string& text);
  /// `algoctl.lock` beside the manifest, else here. It need not be there.
  std::string lock_path();

 private:
  friend class Rows;
  [[nodiscard]] Json record() const;
  ClientOptions client_options();

  std::string command_;
  GlobalOptions globals_;
  std::string folder_;
  Settings settings_;
  Output& output_;
  Console& console_;
  std::unique_ptr<ProgressBar> progress_;
  std::unique_ptr<Client> client_;
  bool writing_ = false;
};

/// The rows of one answer. `finish` must be called once; without it the record is cut short.
class Rows {
 public:
  /// Writes one row. Returns false when nobody reads any more.
  bool add(std::string_view line, const Context::Fill& item);
  void finish();

 private:
  friend class Context;
  Rows(Context& ctx, const Json& head, const std::string& key);

  Context& ctx_;
  bool first_ = true;
};

}  // namespace algoctl::cli
