#include "meaning.h"

#include <algorithm>
#include <optional>
#include <string_view>

#include "base/text.h"

namespace algoctl::cli {

namespace {

struct MetavarRow {
  const char* metavar;
  Meaning meaning;
};

// The one place that says what a metavar completes to.
constexpr MetavarRow kMetavars[] = {
    {"REF", Meaning::reference},
    {"OWNER/NAME", Meaning::algorithm},
    {"OWNER/NAME@VERSION", Meaning::exact_reference},
    {"V", Meaning::version},
    {"VERSION", Meaning::version},
    {"X.Y", Meaning::line},
    {"CHANNEL", Meaning::channel},
    {"C", Meaning::channel},
    {"LABEL", Meaning::label},
    {"S", Meaning::slot},
    {"SLOT", Meaning::slot},
    {"[SLOT=]FILE", Meaning::slot_and_file},
    {"SLOT=LABEL", Meaning::slot_and_label},
    {"FILE", Meaning::file},
    {"FILE|FOLDER", Meaning::file},
    {"PATH", Meaning::file},
    {"URL", Meaning::file},
    {"[URL]", Meaning::file},
    {"DIR", Meaning::folder},
    {"STORE", Meaning::folder},
    {"COMMAND", Meaning::command},
    {"CMD", Meaning::free_text},
    {"BYTES", Meaning::free_text},
    {"CONDITION", Meaning::free_text},
    {"DURATION", Meaning::free_text},
    {"FIELD", Meaning::free_text},
    {"ID", Meaning::free_text},
    {"K", Meaning::free_text},
    {"K=V", Meaning::free_text},
    {"N", Meaning::free_text},
    {"NOTES", Meaning::free_text},
    {"SECONDS", Meaning::free_text},
    {"TIME", Meaning::free_text},
    {"WHY", Meaning::free_text},
    {"sha256:HEX", Meaning::free_text},
};

std::optional<Meaning> look_up(const std::string& metavar) {
  for (const MetavarRow& row : kMetavars) {
    if (metavar == row.metavar) return row.meaning;
  }
  if (!choices_of(metavar).empty()) return Meaning::choice;
  return std::nullopt;
}

}  // namespace

Meaning meaning_of(const OptionSpec& spec) {
  return look_up(spec.metavar).value_or(Meaning::free_text);
}

bool is_known_metavar(const std::string& metavar) { return look_up(metavar).has_value(); }

std::vector<std::string> choices_of(const std::string& metavar) {
  const auto is_choice = [](char c) { return c == '|' || c == '-' || (c >= 'a' && c <= 'z'); };
  const bool is_list = metavar.find('|') != std::string::npos &&
                       std::all_of(metavar.begin(), metavar.end(), is_choice);
  return is_list ? split(metavar, '|') : std::vector<std::string>{};
}

}  // namespace algoctl::cli
