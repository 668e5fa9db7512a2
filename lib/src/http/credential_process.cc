#include "http/credential_process.h"

#include <utility>

#include "algoctl/error.h"
#include "base/text.h"
#include "http/aws_keys_json.h"

namespace algoctl::http {
namespace {

/// `30`, `0.5`
std::string seconds_text(std::chrono::milliseconds time) {
  std::string text = std::to_string(time.count() / 1000);
  if (const std::string rest = std::to_string(1000 + time.count() % 1000); rest != "1000") {
    text += "." + rest.substr(1, rest.find_last_not_of('0'));
  }
  return text;
}

CommandOutput run_words(const Surroundings& around, const std::vector<std::string>& words,
                        const std::string& where) {
  try {
    return around.run(words);
  } catch (const Error& error) {
    if (error.code() == Code::interrupted) throw;
    throw Error(Code::unauthorized, where + ": " + error.message(),
                "name a program that is there: it is started without a shell");
  }
}

}  // namespace

std::optional<std::vector<std::string>> split_words(const std::string& line) {
  std::vector<std::string> words;
  std::string word;
  bool in_word = false;
  char quote = '\0';
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    const bool blank = c == ' ' || c == '\t' || c == '\n';
    if (quote == '\0' && blank) {
      if (in_word) words.push_back(std::exchange(word, {}));
      in_word = false;
      continue;
    }
    in_word = true;
    const char next = i + 1 < line.size() ? line[i + 1] : '\0';
    const bool escapes =
        c == '\\' && (quote == '\0' || (quote == '"' && (next == '"' || next == '\\')));
    if (escapes) {
      if (next == '\0') return std::nullopt;
      word += next;
      ++i;
    } else if (quote == '\0' && (c == '"' || c == '\'')) {
      quote = c;
    } else if (quote != '\0' && c == quote) {
      quote = '\0';
    } else {
      word += c;
    }
  }
  if (quote != '\0') return std::nullopt;
  if (in_word) words.push_back(word);
  return words;
}

AwsCredentials run_credential_process(const Surroundings& around, const std::string& command,
                                      const std::string& place) {
  const std::string where = "credential_process of " + place;
  const auto words = split_words(command);
  if (!words || words->empty()) {
    throw Error(Code::usage, where + " is no command: a quote is not closed");
  }
  const CommandOutput output = run_words(around, *words, where);
  const std::string by_hand = "run " + quoted(words->front()) + " by hand, as the profile has it";
  if (output.ended_after) {
    throw Error(Code::unauthorized,
                where + " gave no credentials within " + seconds_text(*output.ended_after) +
                    " s, and was ended",
                by_hand + ", or wait longer with --timeout");
  }
  if (output.status != 0) {
    throw Error(Code::unauthorized,
                where + " failed with exit status " + std::to_string(output.status), by_hand);
  }
  return parse_aws_keys(output.text, AwsKeysFrom::process, where);
}

}  // namespace algoctl::http
