#include "core/label_template.h"

#include <algorithm>
#include <vector>

#include "algoctl/error.h"
#include "base/clock.h"
#include "base/text.h"

namespace algoctl {
namespace {

constexpr std::size_t kShortDigits = 12;
constexpr std::string_view kStandardInput = "-";

[[noreturn]] void refuse(std::string_view pattern, const std::string& what,
                         const std::string& hint) {
  throw Error(Code::usage, "label " + quoted(pattern) + ": " + what, hint);
}

/// Where the extension begins; the end when there is none.
std::size_t extension_begin(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  return dot == std::string_view::npos || dot == 0 ? name.size() : dot;
}

std::string date(std::string_view, const LabelFacts& facts) { return format_day(facts.now_ms); }

std::string month(std::string_view, const LabelFacts& facts) { return format_month(facts.now_ms); }

std::string sha(std::string_view pattern, const LabelFacts& facts) {
  if (!facts.sha256) {
    throw Error(Code::internal,
                "label " + quoted(pattern) + " was filled in before its digest was known");
  }
  return facts.sha256->hex().substr(0, kShortDigits);
}

std::string git(std::string_view pattern, const LabelFacts& facts) {
  const std::string commit = facts.git_commit ? facts.git_commit() : std::string();
  if (commit.size() < kShortDigits) {
    refuse(pattern, "{git} needs a git repository with a commit", "use {sha} or {date} instead");
  }
  return commit.substr(0, kShortDigits);
}

std::string stem(std::string_view pattern, const LabelFacts& facts) {
  if (facts.file_name == kStandardInput) {
    refuse(pattern, "standard input has no {stem}", "write the name in its place");
  }
  return facts.file_name.substr(0, extension_begin(facts.file_name));
}

std::string ext(std::string_view, const LabelFacts& facts) {
  return facts.file_name.substr(extension_begin(facts.file_name));
}

struct Field {
  std::string_view name;
  std::string (*value)(std::string_view pattern, const LabelFacts& facts);
};

constexpr Field kFields[] = {{"date", date}, {"month", month}, {"sha", sha},
                             {"git", git},   {"stem", stem},   {"ext", ext}};

const Field& find_field(std::string_view pattern, std::string_view name) {
  std::vector<std::string> names;
  for (const Field& field : kFields) {
    if (field.name == name) return field;
    names.emplace_back(field.name);
  }
  const std::string nearest_name = did_you_mean(name, names);
  refuse(pattern, "unknown field " + quoted(name),
         nearest_name.empty() ? "fields are {" + join(names, "}, {") + "}" : nearest_name);
}

/// Hands the pieces of a pattern over in order: text as it is, and fields.
template <typename OnText, typename OnField>
void walk(std::string_view pattern, OnText on_text, OnField on_field) {
  std::size_t at = 0;
  while (at < pattern.size()) {
    const std::size_t open = std::min(pattern.find('{', at), pattern.size());
    on_text(pattern.substr(at, open - at));
    if (open == pattern.size()) return;
    const std::size_t close = pattern.find('}', open);
    if (close == std::string_view::npos) {
      refuse(pattern, "'{' without '}'", "fields are written as in {date}");
    }
    on_field(find_field(pattern, pattern.substr(open + 1, close - open - 1)));
    at = close + 1;
  }
}

}  // namespace

std::string expand_label(std::string_view pattern, const LabelFacts& facts) {
  std::string out;
  walk(
      pattern, [&](std::string_view text) { out += text; },
      [&](const Field& field) { out += field.value(pattern, facts); });
  return out;
}

bool label_needs_digest(std::string_view pattern) {
  bool needed = false;
  walk(
      pattern, [](std::string_view) {},
      [&](const Field& field) { needed = needed || field.value == sha; });
  return needed;
}

}  // namespace algoctl
