#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/open_files.h"
#include "core/eviction.h"

namespace algoctl {

/// The folder in which a user keeps what can be made again: views (a folder of links for each
/// manifest), copies of objects whose store is elsewhere, what of them is on its way (transfers),
/// and stamps (a file for each file that was read). Safe to use from several threads and processes;
/// whoever comes too late for something finds it gone.
class Cache {
 public:
  enum class Kind { view, copy, transfer, stamp };

  struct Entry {
    Kind kind;
    std::string path;
    Evictable state;
  };

  /// An empty folder: there is no cache, and nothing in it.
  explicit Cache(std::string folder) : folder_(std::move(folder)) {}

  /// While this is held nothing is removed from the cache. Empty when it cannot be had: then only
  /// the times of use protect.
  [[nodiscard]] Fd hold() const noexcept;

  /// Notes that a view is in use now. Never throws.
  static void touch(const std::string& view) noexcept;

  /// Everything in it. `held` is found out only when `look_who_holds`. Throws Error{storage}.
  [[nodiscard]] std::vector<Entry> entries(bool look_who_holds) const;

  /// Removes an entry at once, unless it was used since it was listed, or somebody holds the cache:
  /// false.
  [[nodiscard]] bool remove(const Entry& entry) const;

  /// Removes all stamps: what was read is read again when it is next needed. Never throws.
  void drop_stamps() const noexcept;

  /// How long an entry is not too much after it was used, in milliseconds.
  static constexpr std::int64_t kYoungMs = std::int64_t{10} * 60 * 1000;

  /// Keeps the cache within `capacity` bytes, least recently used first; what was used in the last
  /// ten minutes stays. Looks at most once an hour, so that it can be called often; `now_ms`:
  /// milliseconds since 1970. Never throws.
  void trim(std::int64_t capacity, std::int64_t now_ms) const noexcept;

 private:
  /// When each file that views lead to was last used, by way of any of them.
  using Uses = std::map<FileId, std::int64_t>;

  void add_views(std::vector<Entry>& entries) const;
  void add_files(std::vector<Entry>& entries, Kind kind, const std::string& folder) const;
  [[nodiscard]] bool is_as_listed(const Entry& entry) const;
  [[nodiscard]] Fd locked(int operation) const noexcept;

  std::string folder_;
};

}  // namespace algoctl
