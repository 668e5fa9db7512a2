#include <algorithm>
#include <cstddef>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "algoctl/error.h"
#include "base/json.h"
#include "base/text.h"

namespace algoctl {
namespace {

constexpr std::string_view kBlank = " \t\r\n";
constexpr std::string_view kBetween = " \t\r\n,:";

/// How many characters the lexer has taken. The end of the text counts as one more, so that a
/// number, which the lexer ends by looking at what follows, always ends one character before.
struct Cursor {
  std::string_view text;
  std::size_t taken = 0;
};

/// Feeds the lexer and counts. Any two are "equal" when the text is used up.
class CountingIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = char;

  explicit CountingIterator(Cursor* cursor) : cursor_(cursor) {}

  char operator*() const { return cursor_->text[cursor_->taken]; }
  CountingIterator& operator++() {
    ++cursor_->taken;
    return *this;
  }
  friend bool operator!=(const CountingIterator& it, const CountingIterator&) {
    Cursor& cursor = *it.cursor_;
    if (cursor.taken < cursor.text.size()) return true;
    cursor.taken = cursor.text.size() + 1;
    return false;
  }

 private:
  Cursor* cursor_;
};

/// What stands at an offset where something else was expected.
std::string describe(std::string_view text, std::size_t offset) {
  if (offset >= text.size()) return "end of the text";
  const auto is_word = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  };
  const char first = text[offset];
  if (first == '"') return "string";
  if (first == '-' || (first >= '0' && first <= '9')) return "number";
  std::size_t end = offset + 1;
  if (is_word(first)) {
    while (end < text.size() && end < offset + 20 && is_word(text[end])) ++end;
  } else if (static_cast<unsigned char>(first) >= 0xC0) {
    while (end < text.size() && end < offset + 4 && (text[end] & 0xC0) == 0x80) ++end;
  }
  return quoted(text.substr(offset, end - offset));
}

struct Complaint {
  enum class At { token, last_byte };
  std::string_view theirs;  ///< what the parser's message holds
  std::string_view ours;
  At at;
};

/// Faults inside a token. The first that fits counts.
constexpr Complaint kTokenFaults[] = {
    {"missing closing quote", "string without closing quote", Complaint::At::token},
    {"ill-formed UTF-8", "invalid UTF-8", Complaint::At::last_byte},
    {"must be escaped", "control character in a string", Complaint::At::last_byte},
    {"4 hex digits", "\\u without 4 hexadecimal digits", Complaint::At::last_byte},
    {"surrogate", "half of a surrogate pair", Complaint::At::last_byte},
    {"after backslash", "unknown escape in a string", Complaint::At::last_byte},
    {"invalid number", "malformed number", Complaint::At::token},
};

/// What could have stood in place of the token that did not fit.
constexpr std::pair<std::string_view, std::string_view> kExpectations[] = {
    {"while parsing object key", "a string as key"},
    {"while parsing object separator", "':'"},
    {"while parsing object", "',' or '}'"},
    {"while parsing array", "',' or ']'"},
};

/// Builds the tree from the parser's events. The parser tells values, not places: an event comes
/// when the cursor is right after the token, and a token begins where blanks, commas and colons
/// after the one before it end.
class JsonTreeBuilder : public nlohmann::json_sax<nlohmann::json> {
 public:
  JsonTreeBuilder(const Cursor& cursor, std::string_view where, const JsonLimits& limits)
      : cursor_(cursor), where_(where), limits_(limits) {}

  JsonNode take() { return std::move(root_); }

  bool null() override { return scalar(JsonNode::Type::null, cursor_.taken, {}); }
  bool boolean(bool value) override {
    return scalar(JsonNode::Type::boolean, cursor_.taken, value ? "true" : "false");
  }
  bool number_integer(number_integer_t) override { return number(); }
  bool number_unsigned(number_unsigned_t) override { return number(); }
  bool number_float(number_float_t, const string_t&) override { return number(); }
  bool string(string_t& value) override {
    return scalar(JsonNode::Type::string, cursor_.taken, std::move(value));
  }
  bool binary(binary_t&) override { return false; }

  bool start_object(std::size_t) override { return open(JsonNode::Type::object); }
  bool end_object() override { return close(); }
  bool start_array(std::size_t) override { return open(JsonNode::Type::array); }
  bool end_array() override { return close(); }

  bool key(string_t& value) override {
    Frame& frame = open_.back();
    frame.key_begin = next_begin();
    end_ = cursor_.taken;
    if (!frame.keys.insert(value).second) refuse(frame.key_begin, "duplicate key " + quoted(value));
    frame.key = std::move(value);
    return true;
  }

  bool parse_error(std::size_t, const std::string&,
                   const nlohmann::detail::exception& error) override {
    constexpr int kNumberOverflow = 406;
    // A comma or colon that does not fit is itself the last byte taken.
    const std::size_t last = cursor_.taken - 1;
    const std::size_t begin = std::min(next_begin(), last);
    if (error.id == kNumberOverflow) {
      refuse(begin, "number out of range: " + quoted(cursor_.text.substr(begin, last - begin)));
    }
    std::string_view theirs = error.what();
    const std::size_t last_read = theirs.find("; last read: ");  // what follows is from the text
    theirs = theirs.substr(0, last_read);
    for (const Complaint& fault : kTokenFaults) {
      if (theirs.find(fault.theirs) == std::string_view::npos) continue;
      refuse(fault.at == Complaint::At::token ? begin : last, std::string(fault.ours));
    }
    const bool complete = nodes_ > 0 && open_.empty();
    std::string_view expected = complete ? "the end of the text" : "a value";
    for (const auto& [context, wanted] : kExpectations) {
      if (theirs.find(context) == std::string_view::npos) continue;
      expected = wanted;
      break;
    }
    refuse_token(begin, expected);
  }

  /// The parser takes a NUL for the end of the text.
  void require_end(const JsonNode& root) const {
    const std::size_t rest = cursor_.text.find_first_not_of(kBlank, root.end);
    if (rest != std::string_view::npos) refuse_token(rest, "the end of the text");
  }

 private:
  struct Frame {
    JsonNode node;
    std::set<std::string> keys;
    std::string key;
    std::size_t key_begin = 0;
  };

  [[noreturn]] void refuse(std::size_t offset, const std::string& what) const {
    throw Error(Code::usage, json_place(cursor_.text, offset, where_) + ": " + what);
  }

  [[noreturn]] void refuse_token(std::size_t offset, std::string_view expected) const {
    refuse(offset,
           "unexpected " + describe(cursor_.text, offset) + ", expected " + std::string(expected));
  }

  std::size_t next_begin() const { return cursor_.text.find_first_not_of(kBetween, end_); }

  JsonNode next_node(JsonNode::Type type) {
    JsonNode node;
    node.type = type;
    node.begin = next_begin();
    if (++nodes_ > limits_.nodes) {
      refuse(node.begin, "more than " + std::to_string(limits_.nodes) + " values");
    }
    return node;
  }

  bool scalar(JsonNode::Type type, std::size_t end, std::string text) {
    JsonNode node = next_node(type);
    node.end = end_ = end;
    node.text = std::move(text);
    return add(std::move(node));
  }

  bool number() {
    const std::size_t begin = next_begin();
    const std::size_t end = cursor_.taken - 1;
    return scalar(JsonNode::Type::number, end,
                  std::string(cursor_.text.substr(begin, end - begin)));
  }

  bool open(JsonNode::Type type) {
    Frame frame;
    frame.node = next_node(type);
    if (open_.size() >= limits_.depth) {
      refuse(frame.node.begin, "more than " + std::to_string(limits_.depth) + " levels");
    }
    end_ = cursor_.taken;
    open_.push_back(std::move(frame));
    return true;
  }

  bool close() {
    JsonNode node = std::move(open_.back().node);
    open_.pop_back();
    node.end = end_ = cursor_.taken;
    return add(std::move(node));
  }

  bool add(JsonNode node) {
    if (open_.empty()) {
      root_ = std::move(node);
      return true;
    }
    Frame& frame = open_.back();
    if (frame.node.is(JsonNode::Type::array)) {
      frame.node.items.push_back(std::move(node));
    } else {
      frame.node.members.push_back({std::move(frame.key), frame.key_begin, std::move(node)});
    }
    return true;
  }

  const Cursor& cursor_;
  std::string_view where_;
  const JsonLimits& limits_;
  std::size_t end_ = 0;  ///< of the last token that came with an event
  std::size_t nodes_ = 0;
  std::vector<Frame> open_;
  JsonNode root_;
};

}  // namespace

JsonNode parse_json(std::string_view text, std::string_view where, const JsonLimits& limits) {
  require_plain_text(text, where, limits);
  Cursor cursor{text};
  JsonTreeBuilder builder(cursor, where, limits);
  nlohmann::json::sax_parse(CountingIterator(&cursor), CountingIterator(&cursor), &builder);
  JsonNode root = builder.take();
  builder.require_end(root);
  return root;
}

void require_plain_text(std::string_view text, std::string_view where, const JsonLimits& limits) {
  if (text.size() > limits.bytes) {
    throw Error(Code::usage, json_place(text, 0, where) + ": more than " +
                                 std::to_string(limits.bytes) + " bytes");
  }
  if (starts_with(text, "\xEF\xBB\xBF")) {
    throw Error(Code::usage, json_place(text, 0, where) + ": byte order mark",
                "save the file as UTF-8 without byte order mark");
  }
}

std::string json_place(std::string_view text, std::size_t offset, std::string_view where) {
  const std::string_view before = text.substr(0, std::min(offset, text.size()));
  const auto lines = std::count(before.begin(), before.end(), '\n');
  const std::size_t line_begin = before.rfind('\n') + 1;  // npos + 1 is 0
  return std::string(where) + ":" + std::to_string(lines + 1) + ":" +
         std::to_string(before.size() - line_begin + 1);
}

}  // namespace algoctl
