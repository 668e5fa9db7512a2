#include "algoctl/selector.h"

#include <utility>
#include <variant>

#include "algoctl/error.h"
#include "base/text.h"
#include "core/range.h"
#include "core/scan.h"

namespace algoctl {
namespace {

constexpr std::size_t kMaxChannel = 63;
constexpr const char* kSelectorHint =
    "write a version (1.2.3), a range (^1.2, >=1 <3), a channel (stable), latest or "
    "sha256:<64 hex digits>";

bool fits_channel_grammar(std::string_view text) {
  Cursor in{text};
  if (in.done() || text.size() > kMaxChannel || !is_lower(text.front())) return false;
  in.take_while([](char c) { return is_lower(c) || is_digit(c) || c == '-'; });
  return in.done();
}

bool is_reserved(std::string_view text) {
  return text == "latest" || text == "none" || text == "x";
}

/// The version of `1.2.3`, `v1.2.3` and `=1.2.3`: a range of one comparator that is met by one.
bool is_exact(const Range& range) {
  return range.alternatives.size() == 1 && range.alternatives.front().size() == 1 &&
         range.alternatives.front().front().op == Comparator::Op::equal;
}

std::string misfit_message(std::string_view text, std::string_view misfit) {
  std::string message = "malformed selector " + quoted(text);
  if (misfit.empty()) return message + ": an alternative is empty";
  if (misfit != text) message += ": " + quoted(misfit) + " does not fit";
  return message;
}

}  // namespace

struct Selector::Value {
  std::variant<Version, Range, std::string, Digest> is;
};

Selector::Selector() = default;

Selector Selector::parse(std::string_view text) {
  text = without_blanks_around(text);
  if (text.empty()) throw Error(Code::usage, "empty selector", kSelectorHint);
  Selector selector;
  const auto becomes = [&](Kind kind, Value value) {
    selector.kind_ = kind;
    selector.text_ = text;
    selector.value_ = std::make_shared<const Value>(std::move(value));
    return selector;
  };

  if (text == "latest") return selector;
  if (starts_with(text, "sha256:")) return becomes(Kind::digest, {Digest::parse(text)});
  ParsedRange parsed = parse_range(text);
  if (parsed.range && is_exact(*parsed.range)) {
    // Once more from the text: a range forgets the build metadata.
    return becomes(Kind::exact, {Version::parse(text.substr(text.find_first_of("0123456789")))});
  }
  if (parsed.range) return becomes(Kind::range, {std::move(*parsed.range)});
  if (fits_channel_grammar(text) && !is_reserved(text)) {
    return becomes(Kind::channel, {std::string(text)});
  }
  throw Error(Code::usage, misfit_message(text, parsed.misfit), kSelectorHint);
}

Selector Selector::exactly(const Version& version) {
  Selector selector;
  selector.kind_ = Kind::exact;
  selector.text_ = version.str();
  selector.value_ = std::make_shared<const Value>(Value{version});
  return selector;
}

bool Selector::admits(const Version& version, bool prereleases) const {
  switch (kind_) {
    case Kind::latest: return version.is_release() || prereleases;
    case Kind::exact: return version == this->version();
    case Kind::range: return algoctl::admits(range(), version, prereleases);
    case Kind::channel:
    case Kind::digest: return false;
  }
  return false;
}

namespace {

template <typename T, typename Holder>
const T& get_or_throw(const Holder* value, const std::string& text, const char* what) {
  const T* found = value == nullptr ? nullptr : std::get_if<T>(&value->is);
  if (found == nullptr) {
    throw Error(Code::internal, "selector " + quoted(text) + " has no " + what);
  }
  return *found;
}

}  // namespace

const Version& Selector::version() const {
  return get_or_throw<Version>(value_.get(), text_, "version");
}

const std::string& Selector::channel() const {
  return get_or_throw<std::string>(value_.get(), text_, "channel");
}

const Digest& Selector::digest() const {
  return get_or_throw<Digest>(value_.get(), text_, "digest");
}

const Range& Selector::range() const { return get_or_throw<Range>(value_.get(), text_, "range"); }

void check_channel_name(std::string_view text) {
  if (!fits_channel_grammar(text)) {
    throw Error(Code::usage, "malformed channel " + quoted(text),
                "a channel has 1 to 63 small letters, digits and '-', the first a letter");
  }
  if (is_reserved(text)) {
    throw Error(Code::usage, quoted(text) + " cannot name a channel: it has a meaning of its own",
                "choose another name, such as stable or canary");
  }
  if (parse_range(text).range) {
    throw Error(Code::usage, quoted(text) + " cannot name a channel: it is a range of versions",
                "choose another name, such as stable or canary");
  }
}

}  // namespace algoctl
