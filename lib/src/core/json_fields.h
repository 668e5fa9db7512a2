#pragma once

#include <string>
#include <string_view>

#include "algoctl/error.h"
#include "base/json.h"

namespace algoctl {

/// `a string`, `an object`: a type as messages call it.
std::string_view type_name(JsonNode::Type type) noexcept;

/// A JSON text and its name, for readers that take typed values out of it: every refusal says
/// where the value stands. Text and name must outlive it; safe to read from several threads.
class JsonFields {
 public:
  /// Throws what parse_json throws, and Error{usage} when the text is no object.
  JsonFields(std::string_view text, std::string_view where, const JsonLimits& limits = {});

  [[nodiscard]] const JsonNode& root() const noexcept { return root_; }
  [[nodiscard]] std::string_view text() const noexcept { return text_; }
  [[nodiscard]] std::string_view where() const noexcept { return where_; }

  /// Throws Error{usage} unless the text's `schema` is `FAMILY/v1`; a higher number is said to be
  /// newer than this program, by an Error{newer}.
  void require_schema(std::string_view family, Code newer = Code::usage) const;

  /// A member of `object`. Throws Error{usage} when it is missing or of another type; the message
  /// begins with `subject`, as in `slot 'model': `, and `hint` is its remedy.
  [[nodiscard]] const JsonNode& require(const JsonNode& object, std::string_view key,
                                        JsonNode::Type type, std::string_view subject = {},
                                        const std::string& hint = {}) const;

  /// Throws Error{usage} unless `node` has that type.
  void require_type(const JsonNode& node, JsonNode::Type type, std::string_view name,
                    std::string_view subject = {}, const std::string& hint = {}) const;

  /// Throws `WHERE:LINE:COLUMN: what`.
  [[noreturn]] void refuse(std::size_t offset, const std::string& what,
                           const std::string& hint = {}, Code code = Code::usage) const;

  /// What `read` returns. An Error that it throws gets the place and `subject` in front.
  template <typename Read>
  auto at(std::size_t offset, std::string_view subject, Read read) const {
    try {
      return read();
    } catch (const Error& error) {
      refuse(offset, std::string(subject) + error.message(), error.hint(), error.code());
    }
  }

 private:
  std::string_view text_;
  std::string_view where_;
  JsonNode root_;
};

}  // namespace algoctl
