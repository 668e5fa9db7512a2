#include "meaning.h"

#include <doctest/doctest.h>

#include "commands.h"
#include "completion_scripts.h"
#include "globals.h"

namespace algoctl::cli {

TEST_CASE("meaning: cli/meaning.cc knows the metavar of every option and argument") {
  for (const Command* command : commands()) {
    Options options;
    GlobalOptions globals;
    define_globals(options, globals);
    options.begin_command(command->name);
    const Runner targets = command->prepare(options);
    for (const OptionSpec& spec : options.specs()) {
      CAPTURE(command->name);
      CAPTURE(std::string(spec.metavar));
      CHECK((spec.kind == OptionSpec::Kind::flag || is_known_metavar(spec.metavar)));
    }
  }
}

TEST_CASE("meaning: a metavar of words names its choices") {
  CHECK(choices_of("bash|zsh|fish") == std::vector<std::string>{"bash", "zsh", "fish"});
  for (const char* other : {"", "bash", "REF", "K|V", "a|B", "[a|b]"}) {
    CAPTURE(other);
    CHECK(choices_of(other).empty());
  }
  CHECK(is_known_metavar("on|off"));
  CHECK_FALSE(is_known_metavar("WIDGET"));
}

TEST_CASE("completion_script: one for each shell that the command names") {
  const Command* command = find_command("completion");
  REQUIRE(command != nullptr);
  for (const std::string& shell : choices_of(command->arguments)) {
    CAPTURE(shell);
    CHECK(completion_script(shell).find("algoctl completion " + shell) != std::string_view::npos);
  }
  CHECK(completion_script("tcsh").empty());
  CHECK(completion_script("").empty());
}

}  // namespace algoctl::cli
