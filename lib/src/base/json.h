#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace algoctl {

/// A JSON value being built. Members keep the order in which they were set. A value type; copying
/// copies all of it. Text that is not UTF-8 is written with replacement characters.
class Json {
 public:
  Json();  ///< null
  Json(std::nullptr_t);
  Json(bool value);
  Json(int value);
  Json(std::int64_t value);
  Json(const char* value);
  Json(std::string_view value);
  Json(const std::string& value);
  template <typename T>
  Json(const std::optional<T>& value) : Json(value ? Json(*value) : Json(nullptr)) {}
  Json(const Json& other);
  Json(Json&& other) noexcept;
  Json& operator=(Json other) noexcept;
  ~Json();

  static Json object();
  static Json array();

  /// Sets a member of an object; a member that is there is replaced. Returns this.
  Json& set(std::string_view key, Json value);
  /// Appends to an array. Returns this.
  Json& push(Json value);

  /// On one line without spaces; or with line breaks and `indent` spaces a level.
  [[nodiscard]] std::string dump(int indent = -1) const;

 private:
  struct Value;
  std::unique_ptr<Value> value_;
};

struct JsonMember;

/// A parsed JSON value that remembers where it stood in the text.
struct JsonNode {
  enum class Type { null, boolean, number, string, array, object };

  Type type = Type::null;
  std::size_t begin = 0;            ///< offset of its first byte
  std::size_t end = 0;              ///< offset after its last byte
  std::string text;                 ///< a string's value decoded; a number or boolean as written
  std::vector<JsonNode> items;      ///< of an array
  std::vector<JsonMember> members;  ///< of an object, in the order of the text

  /// The value of a member, or nullptr. Valid as long as this node.
  [[nodiscard]] const JsonNode* find(std::string_view key) const noexcept;
  [[nodiscard]] bool is(Type wanted) const noexcept { return type == wanted; }
  /// The value of a number that is a whole one and fits; nullopt otherwise.
  [[nodiscard]] std::optional<std::int64_t> integer() const noexcept;
};

struct JsonMember {
  std::string key;
  std::size_t key_begin = 0;  ///< offset of the key's opening quote
  JsonNode value;
};

struct JsonLimits {
  std::size_t bytes = std::size_t{4} << 20;
  std::size_t depth = 64;
  std::size_t nodes = 100000;
};

/// Parses one JSON text (RFC 8259, UTF-8 without byte order mark). `where` is what errors call it.
/// Throws Error{usage} `WHERE:LINE:COLUMN: …` for malformed text, a duplicate key, invalid UTF-8,
/// or more than the limits.
JsonNode parse_json(std::string_view text, std::string_view where, const JsonLimits& limits = {});

/// Throws Error{usage} for a text, JSON or YAML, that is larger than the limit or begins with a
/// byte order mark.
void require_plain_text(std::string_view text, std::string_view where, const JsonLimits& limits);

/// `WHERE:LINE:COLUMN` of an offset, both counted from 1, columns in bytes.
std::string json_place(std::string_view text, std::size_t offset, std::string_view where);

}  // namespace algoctl
