#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>

#include "base/json.h"

namespace algoctl {

/// A version's metadata taken out of a tree: keys of nested objects are joined by dots, list items
/// count from 0, scalars are as they read, an empty object or list is `{}` or `[]`, null says
/// nothing. A value type.
class FlatMetadata {
 public:
  static constexpr std::size_t kMost = 1000;

  /// Adds what `value` says under `key`. Throws Error{usage} for a key that comes twice, a NUL
  /// character, or more than kMost values.
  void add(const std::string& key, const JsonNode& value);
  void add(const std::string& key, std::string_view text);

  /// The same for every member of an object, each under `PREFIX.KEY`.
  void add_members(const std::string& prefix, const JsonNode& object);

  [[nodiscard]] const std::map<std::string, std::string>& values() const noexcept {
    return values_;
  }

 private:
  void count();

  std::map<std::string, std::string> values_;
  std::size_t count_ = 0;  ///< of values, null included
};

}  // namespace algoctl
