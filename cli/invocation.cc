#include "invocation.h"

#include "commands.h"

namespace algoctl::cli {

Invocation find_invocation(const std::vector<std::string>& arguments, const Options& globals) {
  Invocation result;
  bool wants_second = false;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& argument = arguments[i];
    const bool is_word = argument.empty() || argument[0] != '-' || argument == "-";
    if (is_word && (!result.command || wants_second)) {
      result.command = wants_second ? *result.command + " " + argument : argument;
      wants_second = !wants_second && is_command_prefix(argument);
      continue;
    }
    result.arguments.push_back(argument);
    if (argument == "--") wants_second = false;
    if (result.command && !wants_second) continue;
    const OptionSpec* option = globals.find(argument);
    if (option != nullptr && option->kind == OptionSpec::Kind::value && i + 1 < arguments.size()) {
      result.arguments.push_back(arguments[++i]);
    }
  }
  return result;
}

}  // namespace algoctl::cli
