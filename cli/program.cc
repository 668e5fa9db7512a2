#include "program.h"

#include <algorithm>
#include <optional>

#include "base/text.h"
#include "commands.h"
#include "complete.h"
#include "help.h"
#include "invocation.h"

namespace algoctl::cli {

namespace {

const Command& require_command(const std::string& name) {
  const Command* command = find_command(name);
  if (command == nullptr) throw_unknown_command(name);
  return *command;
}

void print_help(const Command& command, Output& output) {
  GlobalOptions globals;
  Options options;
  define_globals(options, globals);
  options.begin_command(command.name);
  const Runner targets = command.prepare(options);
  output.write(command_help(command, options));
}

void print_version(bool json, Output& output) {
  if (!json) return output.line("algoctl " ALGOCTL_VERSION);
  output.line(
      Json::object().set("schema", "algoctl.version/v1").set("version", ALGOCTL_VERSION).dump());
}

/// `algoctl`, `algoctl --help`, `algoctl --version`, and whatever else names no command.
int run_without_command(const Invocation& invocation, Options& options, Output& output,
                        Console& console) {
  if (options.ask_for_help(invocation.arguments)) {
    output.write(overview());
    return 0;
  }
  if (has_option(invocation.arguments, "--version")) {
    print_version(has_option(invocation.arguments, "--json"), output);
    return 0;
  }
  options.parse(invocation.arguments);
  if (has_option(invocation.arguments, "--json")) {
    throw Error(Code::usage, "no command given", "see: algoctl --help");
  }
  console.write(overview());
  return static_cast<int>(Code::usage);
}

int run_help(const Invocation& invocation, Output& output) {
  std::vector<std::string> words;
  for (const std::string& argument : invocation.arguments) {
    if (!starts_with(argument, "-")) words.push_back(argument);
  }
  if (words.empty()) {
    output.write(overview());
  } else {
    print_help(require_command(join(words, " ")), output);
  }
  return 0;
}

int run_command_line(const std::vector<std::string>& arguments, Output& output, Console& console) {
  if (is_completion_request(arguments)) return run_completion_request(arguments, output, console);
  GlobalOptions globals;
  Options options;
  define_globals(options, globals);
  const Invocation invocation = find_invocation(arguments, options);
  if (!invocation.command) {
    return run_without_command(invocation, options, output, console);
  }
  if (*invocation.command == "help") return run_help(invocation, output);
  const Command& command = require_command(*invocation.command);
  options.begin_command(command.name);
  const Runner run = command.prepare(options);
  if (options.ask_for_help(invocation.arguments)) {
    output.write(command_help(command, options));
    return 0;
  }
  options.parse(invocation.arguments);
  Context ctx(command.name, globals, real_surroundings(), output, console);
  return run(ctx);
}

}  // namespace

bool has_option(const std::vector<std::string>& arguments, std::string_view option) {
  const auto end = std::find(arguments.begin(), arguments.end(), "--");
  return std::find(arguments.begin(), end, option) != end;
}

int run_program(const std::vector<std::string>& arguments, Output& output, Console& console) {
  const int status = run_command_line(arguments, output, console);
  output.flush();
  return status;
}

}  // namespace algoctl::cli
