#include "candidates.h"

#include "base/clock.h"
#include "base/text.h"
#include "catalogue.h"

namespace algoctl::cli {

namespace {

constexpr const char* kData = "data://";

/// Short, on one line, and nothing in it that moves the cursor.
std::string safe(const std::string& text) {
  const std::string shown = quoted(text);
  return shown.substr(1, shown.size() - 2);
}

std::string about(const VersionSummary& version) {
  std::string text = format_time(version.published_at).substr(0, 10);
  if (version.yank) text += " yanked " + version.yank->reason;
  if (!version.yank && !version.notes.empty()) text += " " + version.notes;
  return text;
}

class Search {
 public:
  Search(const Reading& reading, const std::string& word, Context& ctx)
      : reading_(reading), place_(reading.place_of(word)), catalogue_(ctx) {}

  Candidates run() {
    switch (place_.kind) {
      case Reading::Place::Kind::command: commands(); break;
      case Reading::Place::Kind::option: options(); break;
      case Reading::Place::Kind::value: value(place_.meaning); break;
      case Reading::Place::Kind::nothing: break;
    }
    return std::move(found_);
  }

 private:
  /// Adds a candidate for the value, if it begins with what is typed.
  void add(const std::string& value, const std::string& description = "") {
    if (!starts_with(value, place_.word)) return;
    found_.list.push_back({place_.before + value, safe(description)});
  }
  void paths(Paths kind, const std::string& before = "") {
    found_.paths = kind;
    found_.before = place_.before + before;
  }

  void commands() {
    for (const auto& [name, summary] : reading_.command_words()) add(name, summary);
  }
  void options();
  void value(Meaning meaning);
  void algorithms(bool with_selectors);
  void reference(bool exact);
  void selectors(const std::string& head, const Algorithm& algorithm, bool exact);
  void labels_by_uri();
  void versions();
  void lines();
  void channels();
  void labels(const std::string& head);
  void slots(const std::string& tail);
  std::optional<Algorithm> algorithm();

  const Reading& reading_;
  const Reading::Place place_;
  Catalogue catalogue_;
  Candidates found_;
};

void Search::options() {
  for (const OptionSpec* spec : reading_.options_left()) {
    for (const std::string& name : option_names(*spec)) {
      // One letter is typed faster than completed.
      if (name.size() > 2) add(name, spec->help);
    }
  }
  if (!reading_.has_command()) add("--version", "print the version");
}

void Search::value(Meaning meaning) {
  const bool after_slot = place_.word.find('=') != std::string::npos;
  const std::string slot = after_slot ? place_.word.substr(0, place_.word.find('=') + 1) : "";
  switch (meaning) {
    case Meaning::free_text: break;
    case Meaning::file: paths(Paths::files); break;
    case Meaning::folder: paths(Paths::folders); break;
    case Meaning::algorithm: algorithms(false); break;
    case Meaning::reference: reference(false); break;
    case Meaning::exact_reference: reference(true); break;
    case Meaning::version: versions(); break;
    case Meaning::line: lines(); break;
    case Meaning::channel: channels(); break;
    case Meaning::label: labels(""); break;
    case Meaning::slot: slots(""); break;
    case Meaning::slot_and_label: after_slot ? labels(slot) : slots("="); break;
    case Meaning::slot_and_file:
      if (!after_slot) slots("=");
      paths(Paths::files, slot);
      break;
    case Meaning::command: commands(); break;
    case Meaning::choice:
      for (const std::string& choice : choices_of(place_.metavar)) add(choice);
      break;
  }
}

void Search::algorithms(bool with_selectors) {
  for (const Algorithm& algorithm : catalogue_.algorithms()) add(algorithm.str());
  // The only one: `@` may follow, and a space may.
  if (with_selectors && found_.list.size() == 1) {
    found_.list.push_back({found_.list.front().word + "@", "one of its versions"});
  }
}

void Search::reference(bool exact) {
  const std::string& word = place_.word;
  const std::size_t at = word.find('@');
  if (!exact && starts_with(word, kData)) return labels_by_uri();
  if (at == std::string::npos) {
    algorithms(true);
    if (!exact && !word.empty()) add(kData, "a label");
    return;
  }
  try {
    const auto named =
        at == 0 ? catalogue_.own_algorithm() : std::optional(Algorithm::parse(word.substr(0, at)));
    if (named) selectors(word.substr(0, at + 1), *named, exact);
  } catch (const Error&) {
    return;  // what stands before the @ names nothing
  }
}

/// `head` ends with `@`. What it begins a range with is kept: `^`, `>=`.
void Search::selectors(const std::string& head, const Algorithm& algorithm, bool exact) {
  const std::string typed = place_.word.substr(head.size());
  const std::size_t number = std::min(typed.find_first_not_of("^~<>="), typed.size());
  if ((exact && number > 0) || !catalogue_.has(algorithm)) return;
  const auto offer = catalogue_.offer(algorithm, typed.substr(number));
  if (!exact && number == 0) {
    add(head + "latest", "the highest release");
    for (const auto& [name, version] : offer.channels) add(head + name, version);
  }
  const std::string range = head + typed.substr(0, number);
  for (const VersionSummary& each : offer.versions) add(range + each.version.str(), about(each));
}

void Search::labels_by_uri() {
  const std::string rest = place_.word.substr(std::string(kData).size());
  for (const Algorithm& algorithm : catalogue_.algorithms()) {
    const std::string folder = algorithm.str() + "/";
    if (!starts_with(rest, folder)) {
      add(kData + folder);
      continue;
    }
    for (const LabelInfo& info : catalogue_.labels(algorithm)) {
      add(kData + folder + info.label.str(), format_time(info.moved_at).substr(0, 10));
    }
  }
}

void Search::versions() {
  const auto named = algorithm();
  if (!named) return;
  for (const VersionSummary& each : catalogue_.offer(*named, place_.word).versions) {
    add(each.version.str(), about(each));
  }
}

void Search::lines() {
  const auto named = algorithm();
  if (!named) return;
  std::string last;
  for (const VersionSummary& each : catalogue_.offer(*named, "").versions) {
    const std::string line =
        std::to_string(each.version.major()) + "." + std::to_string(each.version.minor());
    if (line != last) add(line, "highest: " + each.version.str());
    last = line;
  }
}

void Search::channels() {
  const auto named = algorithm();
  if (!named) return;
  for (const auto& [name, version] : catalogue_.offer(*named, "").channels) add(name, version);
}

void Search::labels(const std::string& head) {
  const auto named = algorithm();
  if (!named) return;
  for (const LabelInfo& info : catalogue_.labels(*named)) {
    add(head + info.label.str(), format_time(info.moved_at).substr(0, 10));
  }
}

void Search::slots(const std::string& tail) {
  for (const auto& value : reading_.values()) {
    if (value.meaning != Meaning::reference) continue;
    for (const auto& [slot, label] : catalogue_.slots_of(value.text)) add(slot + tail, label);
    return;
  }
  for (const auto& [slot, label] : catalogue_.own_slots()) add(slot + tail, label);
}

/// The one that the line names so far, else the one of this folder.
std::optional<Algorithm> Search::algorithm() {
  for (const auto& value : reading_.values()) {
    const bool names_one = value.meaning == Meaning::algorithm ||
                           value.meaning == Meaning::reference ||
                           value.meaning == Meaning::exact_reference;
    if (!names_one || starts_with(value.text, "@")) continue;
    try {
      return Reference::parse(value.text).algorithm();
    } catch (const Error&) {
      continue;  // not typed right
    }
  }
  return catalogue_.own_algorithm();
}

}  // namespace

Candidates candidates_for(const Reading& reading, const std::string& word, Context& ctx) {
  return Search(reading, word, ctx).run();
}

}  // namespace algoctl::cli
