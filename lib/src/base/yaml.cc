#include "base/yaml.h"

#include <yaml.h>

#include <algorithm>
#include <map>
#include <new>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "algoctl/error.h"
#include "base/text.h"

namespace algoctl {
namespace {

using Type = JsonNode::Type;

/// What libyaml's parser, or one of its events, holds is freed in the end.
struct Parser {
  Parser() {
    if (yaml_parser_initialize(&raw) == 0) throw std::bad_alloc();
  }
  ~Parser() { yaml_parser_delete(&raw); }
  Parser(const Parser&) = delete;
  Parser& operator=(const Parser&) = delete;
  yaml_parser_t raw;
};

struct Event {
  Event() = default;
  ~Event() { yaml_event_delete(&raw); }
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;
  yaml_event_t raw{};
};

std::string text_of(const yaml_char_t* bytes) {
  return bytes == nullptr ? "" : reinterpret_cast<const char*>(bytes);
}

/// libyaml counts characters, we count bytes. Each place is sought from the one before.
class Places {
 public:
  explicit Places(std::string_view text) : text_(text) {}

  std::size_t offset_of(const yaml_mark_t& mark) {
    for (; characters_ > mark.index; --characters_) {
      do --bytes_;
      while (bytes_ > 0 && is_inside_character());
    }
    for (; characters_ < mark.index && bytes_ < text_.size(); ++characters_) {
      do ++bytes_;
      while (bytes_ < text_.size() && is_inside_character());
    }
    return bytes_;
  }

 private:
  [[nodiscard]] bool is_inside_character() const { return (text_[bytes_] & 0xC0) == 0x80; }

  std::string_view text_;
  std::size_t characters_ = 0;
  std::size_t bytes_ = 0;
};

/// How much a value takes, with everything in it.
struct Weight {
  std::size_t nodes = 0;
  std::size_t bytes = 0;
  std::size_t depth = 0;  ///< levels; none for a scalar
};

Weight weigh(const JsonNode& node) {
  Weight whole{1, node.text.size(), 0};
  const auto add = [&whole](const JsonNode& part) {
    const Weight weight = weigh(part);
    whole.nodes += weight.nodes;
    whole.bytes += weight.bytes;
    whole.depth = std::max(whole.depth, weight.depth);
  };
  for (const JsonNode& item : node.items) add(item);
  for (const JsonMember& member : node.members) {
    whole.bytes += member.key.size();
    add(member.value);
  }
  if (node.is(Type::object) || node.is(Type::array)) ++whole.depth;
  return whole;
}

bool is_null(const yaml_event_t& event, const std::string& text) {
  if (event.data.scalar.style != YAML_PLAIN_SCALAR_STYLE) return false;
  return text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL";
}

/// Builds the tree from libyaml's events.
class YamlTreeBuilder {
 public:
  YamlTreeBuilder(std::string_view text, std::string_view where, const JsonLimits& limits)
      : text_(text), where_(where), limits_(limits), places_(text) {}

  JsonNode build() {
    Parser parser;
    const auto* bytes = reinterpret_cast<const unsigned char*>(text_.data());
    yaml_parser_set_encoding(&parser.raw, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser.raw, bytes, text_.size());
    for (;;) {
      Event event;
      if (yaml_parser_parse(&parser.raw, &event.raw) == 0) refuse_malformed(parser.raw);
      if (event.raw.type == YAML_STREAM_END_EVENT) return std::move(root_);
      take(event.raw);
    }
  }

 private:
  struct Frame {
    JsonNode node;
    std::string anchor;
    std::set<std::string> keys;
    bool has_key = false;
    std::string key;
    std::size_t key_begin = 0;
  };

  [[noreturn]] void refuse(std::size_t offset, const std::string& what,
                           const std::string& hint = {}) const {
    throw Error(Code::usage, json_place(text_, offset, where_) + ": " + what, hint);
  }

  [[noreturn]] void refuse_malformed(const yaml_parser_t& parser) {
    if (parser.error == YAML_MEMORY_ERROR) throw std::bad_alloc();
    const std::string problem = parser.problem == nullptr ? "malformed YAML" : parser.problem;
    const bool reading = parser.error == YAML_READER_ERROR;
    refuse(reading ? parser.problem_offset : places_.offset_of(parser.problem_mark), problem);
  }

  void take(const yaml_event_t& event) {
    const std::size_t begin = places_.offset_of(event.start_mark);
    switch (event.type) {
      case YAML_DOCUMENT_START_EVENT:
        if (++documents_ > 1) refuse(begin, "a second document", "keep one document in the file");
        return;
      case YAML_SCALAR_EVENT: return take_scalar(event, begin);
      case YAML_ALIAS_EVENT: return take_alias(text_of(event.data.alias.anchor), begin);
      case YAML_MAPPING_START_EVENT:
        return open(Type::object, text_of(event.data.mapping_start.anchor), begin);
      case YAML_SEQUENCE_START_EVENT:
        return open(Type::array, text_of(event.data.sequence_start.anchor), begin);
      case YAML_MAPPING_END_EVENT:
      case YAML_SEQUENCE_END_EVENT: return close();
      default: return;
    }
  }

  void count(std::size_t nodes, std::size_t bytes, std::size_t begin) {
    nodes_ += nodes;
    bytes_ += bytes;
    if (nodes_ > limits_.nodes) {
      refuse(begin, "more than " + std::to_string(limits_.nodes) + " values");
    }
    if (bytes_ > limits_.bytes) {
      refuse(begin, "more than " + std::to_string(limits_.bytes) + " bytes with aliases filled in");
    }
  }

  void require_depth(std::size_t depth, std::size_t begin) const {
    if (depth > limits_.depth) {
      refuse(begin, "more than " + std::to_string(limits_.depth) + " levels");
    }
  }

  [[nodiscard]] bool wants_key() const {
    return !open_.empty() && open_.back().node.is(Type::object) && !open_.back().has_key;
  }

  void take_key(std::string key, std::size_t begin) {
    Frame& frame = open_.back();
    if (!frame.keys.insert(key).second) refuse(begin, "duplicate key " + quoted(key));
    frame.key = std::move(key);
    frame.key_begin = begin;
    frame.has_key = true;
  }

  void take_scalar(const yaml_event_t& event, std::size_t begin) {
    const auto& scalar = event.data.scalar;
    std::string text(reinterpret_cast<const char*>(scalar.value), scalar.length);
    count(wants_key() ? 0 : 1, text.size(), begin);
    const std::string anchor = text_of(scalar.anchor);
    JsonNode node;
    node.begin = begin;
    if (wants_key()) {
      node.type = Type::string;
      node.text = text;
      keep(anchor, node);
      return take_key(std::move(text), begin);
    }
    node.type = is_null(event, text) ? Type::null : Type::string;
    if (node.is(Type::string)) node.text = std::move(text);
    keep(anchor, node);
    add(std::move(node));
  }

  void take_alias(const std::string& anchor, std::size_t begin) {
    const auto known = anchors_.find(anchor);
    if (known == anchors_.end())
      refuse(begin, "no value is complete under " + quoted("&" + anchor));
    const Weight weight = weigh(known->second);
    require_depth(open_.size() + weight.depth, begin);
    count(weight.nodes, weight.bytes, begin);
    if (!wants_key()) return add(known->second);
    if (!known->second.is(Type::string)) refuse_key(begin);
    take_key(known->second.text, begin);
  }

  [[noreturn]] void refuse_key(std::size_t begin) const { refuse(begin, "a key must be a scalar"); }

  void open(Type type, std::string anchor, std::size_t begin) {
    if (wants_key()) refuse_key(begin);
    require_depth(open_.size() + 1, begin);
    count(1, 0, begin);
    Frame frame;
    frame.node.type = type;
    frame.node.begin = begin;
    frame.anchor = std::move(anchor);
    open_.push_back(std::move(frame));
  }

  void close() {
    Frame frame = std::move(open_.back());
    open_.pop_back();
    keep(frame.anchor, frame.node);
    add(std::move(frame.node));
  }

  /// A copy for the aliases to come; it counts, so that anchors alone cannot make much of little.
  void keep(const std::string& anchor, const JsonNode& node) {
    if (anchor.empty()) return;
    const Weight weight = weigh(node);
    count(weight.nodes, weight.bytes, node.begin);
    anchors_.insert_or_assign(anchor, node);
  }

  void add(JsonNode node) {
    if (open_.empty()) {
      root_ = std::move(node);
      return;
    }
    Frame& frame = open_.back();
    if (frame.node.is(Type::array)) {
      frame.node.items.push_back(std::move(node));
    } else {
      frame.node.members.push_back({std::move(frame.key), frame.key_begin, std::move(node)});
      frame.has_key = false;
    }
  }

  std::string_view text_;
  std::string_view where_;
  const JsonLimits& limits_;
  Places places_;
  int documents_ = 0;
  std::size_t nodes_ = 0;
  std::size_t bytes_ = 0;
  std::vector<Frame> open_;
  std::map<std::string, JsonNode> anchors_;
  JsonNode root_;
};

}  // namespace

JsonNode parse_yaml(std::string_view text, std::string_view where, const JsonLimits& limits) {
  require_plain_text(text, where, limits);
  return YamlTreeBuilder(text, where, limits).build();
}

}  // namespace algoctl
