#include "algoctl/reference.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "algoctl/error.h"
#include "base/text.h"

namespace algoctl {
namespace {

constexpr std::string_view kDataScheme = "data://";
constexpr std::string_view kAlgoScheme = "algo://";
constexpr const char* kHint =
    "write owner/name, owner/name@SELECTOR or data://owner/name/LABEL, such as "
    "acme/sentiment@^1.2";

[[noreturn]] void throw_malformed_reference(std::string_view text) {
  throw Error(Code::usage, "malformed reference " + quoted(text), kHint);
}

Selector parse_selector(std::string_view text, std::string_view reference) {
  if (text.find_first_not_of(" \t") == std::string_view::npos) {
    throw Error(Code::usage, "reference " + quoted(reference) + " has an empty selector",
                "leave out what follows the name for the latest release, or write @latest");
  }
  return Selector::parse(text);
}

/// Where `owner/name` ends: at the `@`, or at a second `/`, which the older platform put there.
std::size_t algorithm_end(std::string_view path) {
  const std::size_t owner_end = path.find('/');
  if (owner_end == std::string_view::npos) return path.find('@');
  return std::min(path.find('@'), path.find('/', owner_end + 1));
}

Reference parse_data(std::string_view text) {
  const std::string_view path = text.substr(kDataScheme.size());
  const std::size_t owner_end = path.find('/');
  if (owner_end == std::string_view::npos) throw_malformed_reference(text);
  const std::size_t name_end = path.find('/', owner_end + 1);
  if (name_end == std::string_view::npos) throw_malformed_reference(text);
  return {Algorithm::parse(path.substr(0, name_end)), Label::parse(path.substr(name_end + 1))};
}

void refuse_other_schemes(std::string_view text) {
  const std::size_t end = text.find("://");
  if (end == std::string_view::npos) return;
  // Not the rest: an URL may hold a password.
  throw Error(Code::usage, "no reference starts with " + quoted(text.substr(0, end + 3)), kHint);
}

Algorithm require_own(const std::optional<Algorithm>& own, std::string_view text) {
  if (own) return *own;
  throw Error(Code::usage, "reference " + quoted(text) + " names no algorithm",
              "write owner/name before the @, or run this in the folder of an algorithm");
}

}  // namespace

Reference Reference::parse(std::string_view text, const std::optional<Algorithm>& own) {
  if (starts_with(text, kDataScheme)) return parse_data(text);
  std::string_view path = text;
  if (starts_with(path, kAlgoScheme)) {
    path.remove_prefix(kAlgoScheme.size());
  } else {
    refuse_other_schemes(text);
  }
  const bool own_is_meant = starts_with(text, "@");
  const std::size_t end = algorithm_end(path);
  Reference reference(own_is_meant ? require_own(own, text)
                                   : Algorithm::parse(path.substr(0, end)));
  if (end == std::string_view::npos) return reference;
  reference.selector_ = parse_selector(path.substr(end + 1), text);
  reference.has_selector_ = true;
  return reference;
}

Reference::Reference(Algorithm algorithm, Selector selector)
    : algorithm_(std::move(algorithm)),
      selector_(std::move(selector)),
      has_selector_(selector_.kind() != Selector::Kind::latest) {}

Reference::Reference(Algorithm algorithm, Label label)
    : algorithm_(std::move(algorithm)), label_(std::move(label)) {}

std::string Reference::str() const {
  if (label_) return data_uri(algorithm_, *label_);
  return has_selector_ ? algorithm_.str() + "@" + selector_.str() : algorithm_.str();
}

std::string data_uri(const Algorithm& algorithm, const Label& label) {
  return std::string(kDataScheme) + algorithm.str() + "/" + label.str();
}

}  // namespace algoctl
