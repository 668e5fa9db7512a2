#include "commands.h"

#include "algoctl/error.h"
#include "base/text.h"

namespace algoctl::cli {

const std::vector<const Command*>& commands() {
#define ALGOCTL_ADDRESS(command) &command,
  static const std::vector<const Command*> table = {ALGOCTL_COMMANDS(ALGOCTL_ADDRESS)};
#undef ALGOCTL_ADDRESS
  return table;
}

const Command* find_command(const std::string& name) {
  for (const Command* command : commands()) {
    if (name == command->name) return command;
  }
  return nullptr;
}

bool is_command_prefix(const std::string& word) {
  for (const Command* command : commands()) {
    if (starts_with(command->name, word + " ")) return true;
  }
  return false;
}

void throw_unknown_command(const std::string& name) {
  std::vector<std::string> known = {"help"};
  std::vector<std::string> longer;
  for (const Command* command : commands()) {
    known.emplace_back(command->name);
    if (starts_with(command->name, name + " ")) longer.emplace_back(command->name);
  }
  if (!longer.empty()) {
    throw Error(Code::usage, "command " + quoted(name) + " needs a second word",
                "one of: " + join(longer, ", "));
  }
  std::string hint = did_you_mean(name, known);
  throw Error(Code::usage, "unknown command " + quoted(name),
              hint.empty() ? "see: algoctl --help" : hint);
}

}  // namespace algoctl::cli
