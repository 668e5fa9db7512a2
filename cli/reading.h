#pragma once

#include <string>
#include <utility>
#include <vector>

#include "command.h"
#include "globals.h"
#include "meaning.h"

namespace algoctl::cli {

/// A command line that somebody is still typing: its words before the cursor, understood as far as
/// they can be. Never throws for what they say.
class Reading {
 public:
  /// `words` follow the program's name.
  explicit Reading(const std::vector<std::string>& words);
  Reading(const Reading&) = delete;
  Reading& operator=(const Reading&) = delete;

  /// What stands at the cursor.
  struct Place {
    enum class Kind { command, option, value, nothing };
    Kind kind = Kind::nothing;
    Meaning meaning = Meaning::free_text;  ///< of a value
    std::string metavar = {};              ///< of a value
    std::string before = {};               ///< the part of the word before the value: `--slot=`
    std::string word = {};                 ///< what is typed of it
  };
  [[nodiscard]] Place place_of(const std::string& word) const;

  /// What may be the next word of the command's name, with what it does.
  [[nodiscard]] std::vector<std::pair<std::string, std::string>> command_words() const;
  /// Options that may still be given, the command's own first.
  [[nodiscard]] std::vector<const OptionSpec*> options_left() const;

  [[nodiscard]] bool has_command() const noexcept { return !command_.empty() || is_help_; }
  [[nodiscard]] const GlobalOptions& globals() const noexcept { return globals_; }
  /// The values before the cursor, and what they stand for, in order.
  struct Value {
    Meaning meaning;
    std::string text;
  };
  [[nodiscard]] const std::vector<Value>& values() const noexcept { return values_; }

 private:
  void read(const std::vector<std::string>& arguments);
  void take(const OptionSpec& spec, const std::string& text);
  [[nodiscard]] const OptionSpec* argument_at(std::size_t index) const;

  GlobalOptions globals_;
  Options options_;
  Runner targets_;                       // owns what the command's options set
  std::string command_;                  // its name, or the first of its two words
  bool known_ = false;                   // the command is one of the table
  bool is_help_ = false;                 // `help COMMAND`
  bool only_arguments_ = false;          // after `--`
  const OptionSpec* waiting_ = nullptr;  // for its value
  std::vector<const OptionSpec*> given_;
  std::size_t arguments_ = 0;  // positional ones, so far
  std::vector<Value> values_;
};

}  // namespace algoctl::cli
