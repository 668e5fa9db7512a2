#include "base/json.h"

#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

#include "algoctl/error.h"

namespace algoctl {

struct Json::Value {
  nlohmann::ordered_json json;
};

// A moved-from Json holds no value; everything below takes it for null.
Json::Json() = default;
Json::Json(std::nullptr_t) {}
Json::Json(bool value) : value_(new Value{value}) {}
Json::Json(int value) : value_(new Value{value}) {}
Json::Json(std::int64_t value) : value_(new Value{value}) {}
Json::Json(const char* value) : Json(std::string_view(value)) {}
Json::Json(std::string_view value) : value_(new Value{std::string(value)}) {}
Json::Json(const std::string& value) : value_(new Value{value}) {}
Json::Json(const Json& other) : value_(other.value_ ? new Value{other.value_->json} : nullptr) {}
Json::Json(Json&& other) noexcept = default;
Json::~Json() = default;

Json& Json::operator=(Json other) noexcept {
  value_ = std::move(other.value_);
  return *this;
}

Json Json::object() {
  Json made;
  made.value_.reset(new Value{nlohmann::ordered_json::object()});
  return made;
}

Json Json::array() {
  Json made;
  made.value_.reset(new Value{nlohmann::ordered_json::array()});
  return made;
}

Json& Json::set(std::string_view key, Json value) {
  if (!value_ || !value_->json.is_object()) {
    throw Error(Code::internal, "a member was set in a JSON value that is no object");
  }
  nlohmann::ordered_json& member = value_->json[std::string(key)];
  member = value.value_ ? std::move(value.value_->json) : nlohmann::ordered_json();
  return *this;
}

Json& Json::push(Json value) {
  if (!value_ || !value_->json.is_array()) {
    throw Error(Code::internal, "an item was pushed to a JSON value that is no array");
  }
  value_->json.push_back(value.value_ ? std::move(value.value_->json) : nlohmann::ordered_json());
  return *this;
}

std::string Json::dump(int indent) const {
  if (!value_) return "null";
  return value_->json.dump(indent, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

const JsonNode* JsonNode::find(std::string_view key) const noexcept {
  for (const JsonMember& member : members) {
    if (member.key == key) return &member.value;
  }
  return nullptr;
}

std::optional<std::int64_t> JsonNode::integer() const noexcept {
  if (type != Type::number) return std::nullopt;
  const char* const last = text.data() + text.size();
  std::int64_t whole = 0;
  const auto plain = std::from_chars(text.data(), last, whole);
  if (plain.ptr == last) {
    return plain.ec == std::errc() ? std::optional(whole) : std::nullopt;
  }
  // `1.0` and `1e3` are whole too; above 2^53 a double no longer says which number was meant.
  constexpr double kExact = 9007199254740992.0;
  double real = 0;
  const auto fraction = std::from_chars(text.data(), last, real);
  const bool fits =
      fraction.ec == std::errc() && std::abs(real) <= kExact && std::trunc(real) == real;
  return fits ? std::optional(static_cast<std::int64_t>(real)) : std::nullopt;
}

}  // namespace algoctl
