#include "complete.h"

#include <exception>

#include "base/text.h"
#include "candidates.h"
#include "shell_words.h"

namespace algoctl::cli {

namespace {

const char* paths_word(Paths paths) {
  switch (paths) {
    case Paths::none: return "none";
    case Paths::files: return "files";
    case Paths::folders: return "folders";
  }
  return "none";
}

/// How much of `word` the shell keeps: what stands before the piece that it replaces.
std::size_t kept_part(const std::string& word, const std::string& piece) {
  for (const std::string& end : {piece, shell_words(piece).back()}) {
    if (end.size() <= word.size() && word.compare(word.size() - end.size(), end.size(), end) == 0) {
      return word.size() - end.size();
    }
  }
  return 0;
}

/// Where nothing is set: what is left when the configuration cannot be read.
Surroundings nowhere() {
  const auto nothing = [](const std::string&) { return std::nullopt; };
  return {nothing, nothing, ""};
}

bool can_configure(const GlobalOptions& globals, const Surroundings& surroundings) try {
  resolve_settings(globals, surroundings);
  return true;
} catch (const Error&) {
  return false;
}

/// `words` follow the program's name; the last one is at the cursor.
void answer(std::vector<std::string> words, const std::string* piece, Output& output,
            Console& console) {
  const std::string word = words.back();
  words.pop_back();
  const Reading reading(words);
  GlobalOptions globals = reading.globals();
  Surroundings surroundings = real_surroundings();
  if (!can_configure(globals, surroundings)) {
    globals = {};
    surroundings = nowhere();
  }
  Context ctx("__complete", globals, surroundings, output, console);
  const Candidates found = candidates_for(reading, word, ctx);
  const std::size_t kept = piece == nullptr ? 0 : kept_part(word, *piece);
  const std::string before = found.before.size() > kept ? found.before.substr(kept) : "";
  output.line(std::string(paths_word(found.paths)) + "\t" + before);
  for (const Candidate& each : found.list) {
    output.line(each.word.substr(kept) + "\t" + each.description);
  }
}

}  // namespace

bool is_completion_request(const std::vector<std::string>& arguments) {
  return !arguments.empty() && arguments[0] == "__complete";
}

int run_completion_request(const std::vector<std::string>& arguments, Output& output,
                           Console& console) try {
  const std::string form = arguments.size() > 1 ? arguments[1] : "";
  if (form == "line" && (arguments.size() == 3 || arguments.size() == 4)) {
    std::vector<std::string> words = shell_words(arguments[2]);
    words.erase(words.begin());  // the program's own name
    const std::string* piece = arguments.size() == 4 ? &arguments[3] : nullptr;
    if (!words.empty()) answer(std::move(words), piece, output, console);
  } else if (form == "words" && arguments.size() > 2) {
    answer({arguments.begin() + 2, arguments.end()}, nullptr, output, console);
  }
  return 0;
} catch (const std::exception&) {
  return 0;
}

}  // namespace algoctl::cli
