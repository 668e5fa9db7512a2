#include "reading.h"

#include <algorithm>

#include "algoctl/error.h"
#include "base/text.h"
#include "commands.h"
#include "invocation.h"

namespace algoctl::cli {

namespace {

using Kind = OptionSpec::Kind;

bool is_option(const std::string& word) { return word.size() > 1 && word[0] == '-'; }

/// `--slot` of `--slot=model`, or all of it.
std::string name_part(const std::string& word) {
  return starts_with(word, "--") ? word.substr(0, word.find('=')) : word;
}

}  // namespace

Reading::Reading(const std::vector<std::string>& words) {
  define_globals(options_, globals_);
  const Invocation invocation = find_invocation(words, options_);
  command_ = invocation.command.value_or("");
  if (command_ == "help") {
    is_help_ = true;
    command_ = join(invocation.arguments, " ");
    return;
  }
  if (const Command* command = find_command(command_)) {
    known_ = true;
    options_.begin_command(command->name);
    targets_ = command->prepare(options_);
  }
  read(invocation.arguments);
}

void Reading::read(const std::vector<std::string>& arguments) {
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& word = arguments[i];
    if (only_arguments_ || !is_option(word)) {
      if (const OptionSpec* spec = argument_at(arguments_)) take(*spec, word);
      ++arguments_;
      continue;
    }
    if (word == "--") {
      only_arguments_ = true;
      continue;
    }
    const std::string name = name_part(word);
    const OptionSpec* spec = options_.find(name);
    if (spec == nullptr) continue;
    given_.push_back(spec);
    if (spec->kind == Kind::flag) continue;
    if (name.size() < word.size()) {
      take(*spec, word.substr(name.size() + 1));
    } else if (i + 1 < arguments.size()) {
      take(*spec, arguments[++i]);
    } else {
      waiting_ = spec;
    }
  }
}

void Reading::take(const OptionSpec& spec, const std::string& text) {
  values_.push_back({meaning_of(spec), text});
  if (spec.global) spec.set(text);  // only texts: nothing is parsed here that could be refused
}

const OptionSpec* Reading::argument_at(std::size_t index) const {
  for (const OptionSpec& spec : options_.specs()) {
    if (spec.kind != Kind::argument) continue;
    if (spec.many || index == 0) return &spec;
    --index;
  }
  return nullptr;
}

Reading::Place Reading::place_of(const std::string& word) const {
  if (waiting_ != nullptr) {
    return {Place::Kind::value, meaning_of(*waiting_), waiting_->metavar, "", word};
  }
  if (!only_arguments_ && !word.empty() && word[0] == '-') {
    const std::string name = name_part(word);
    const OptionSpec* spec = options_.find(name);
    if (name.size() == word.size() || spec == nullptr)
      return {.kind = Place::Kind::option, .word = word};
    if (spec->kind == Kind::flag) return {};
    return {Place::Kind::value, meaning_of(*spec), spec->metavar, name + "=",
            word.substr(name.size() + 1)};
  }
  if (!known_) {
    const bool may_follow = command_.empty() || is_command_prefix(command_);
    return {.kind = may_follow ? Place::Kind::command : Place::Kind::nothing, .word = word};
  }
  if (const OptionSpec* spec = argument_at(arguments_)) {
    return {Place::Kind::value, meaning_of(*spec), spec->metavar, "", word};
  }
  // Nothing but an option can follow.
  return {.kind = only_arguments_ ? Place::Kind::nothing : Place::Kind::option, .word = word};
}

std::vector<std::pair<std::string, std::string>> Reading::command_words() const {
  std::vector<std::pair<std::string, std::string>> words;
  const std::string before = command_.empty() ? "" : command_ + " ";
  for (const Command* command : commands()) {
    if (!starts_with(command->name, before)) continue;
    const std::string rest = std::string(command->name).substr(before.size());
    const std::size_t space = rest.find(' ');
    const std::string word = rest.substr(0, space);
    const auto same = [&](const auto& other) { return other.first == word; };
    if (std::any_of(words.begin(), words.end(), same)) continue;
    words.emplace_back(word, space == std::string::npos ? command->summary : "");
  }
  if (command_.empty() && !is_help_)
    words.emplace_back("help", "print what a command does, by examples");
  return words;
}

std::vector<const OptionSpec*> Reading::options_left() const {
  std::vector<const OptionSpec*> own;
  std::vector<const OptionSpec*> global;
  for (const OptionSpec& spec : options_.specs()) {
    if (spec.kind == Kind::argument) continue;
    const bool given = std::find(given_.begin(), given_.end(), &spec) != given_.end();
    if (!given || spec.kind == Kind::list) (spec.global ? global : own).push_back(&spec);
  }
  own.insert(own.end(), global.begin(), global.end());
  return own;
}

}  // namespace algoctl::cli
