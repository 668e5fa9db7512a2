#include "help.h"

#include <doctest/doctest.h>

#include "base/text.h"
#include "commands.h"
#include "globals.h"

namespace algoctl::cli {
namespace {

int run(Context&, const GlobalOptions&) { return 0; }

void define(Options& options, GlobalOptions& args) {
  options.flag(args.json, "-f,--first", "a help text that is long enough to be broken into lines");
  options.value(args.home, "--an-option-with-a-long-name", "VALUE", "its help stands below it");
  options.argument(args.store, "REF", "what is asked for");
}

constinit const Command kExample = {
    .name = "example",
    .group = Group::program,
    .summary = "show what help looks like",
    .arguments = "REF",
    .examples = "algoctl example acme/sentiment\nalgoctl example -f acme/sentiment\n",
    .prepare = prepare<GlobalOptions, define, run>,
};

std::size_t longest_line(const std::string& text) {
  std::size_t longest = 0;
  for (const std::string& line : split(text, '\n')) longest = std::max(longest, line.size());
  return longest;
}

}  // namespace

TEST_CASE("wrap: breaks at spaces, before the width") {
  CHECK(wrap("one two three", 0, 80) == "one two three");
  CHECK(wrap("one two three", 0, 7) == "one two\nthree");
  CHECK(wrap("one two three", 2, 7) == "one\n  two\n  three");
  CHECK(wrap("unbreakable word", 4, 8) == "unbreakable\n    word");
  CHECK(wrap("", 4, 8) == "");
}

TEST_CASE("command_help: summary, examples, usage, options, in this order") {
  Options options;
  GlobalOptions globals;
  bool json = false;
  options.flag(json, "--json", "answer with one JSON record");
  options.begin_command("example");
  const Runner targets = kExample.prepare(options);
  CHECK(command_help(kExample, options) ==
        "show what help looks like\n"
        "\n"
        "Examples:\n"
        "  algoctl example acme/sentiment\n"
        "  algoctl example -f acme/sentiment\n"
        "\n"
        "Usage: algoctl example [options] REF\n"
        "\n"
        "Arguments:\n"
        "  REF  what is asked for\n"
        "\n"
        "Options:\n"
        "  -f, --first  a help text that is long enough to be broken into lines\n"
        "  --an-option-with-a-long-name VALUE\n"
        "               its help stands below it\n"
        "\n"
        "Global options:\n"
        "  --json  answer with one JSON record\n");
}

TEST_CASE("commands: each has help in 80 columns, with two examples of its own") {
  for (const Command* command : commands()) {
    CAPTURE(command->name);
    Options options;
    GlobalOptions globals;
    define_globals(options, globals);
    options.begin_command(command->name);
    const Runner targets = command->prepare(options);
    const std::string text = command_help(*command, options);
    CHECK(longest_line(text) <= 80);
    CHECK(starts_with(text, std::string(command->summary) + "\n\nExamples:\n"));
    int examples = 0;
    for (const std::string& line : split(command->examples, '\n')) {
      if (line.find(std::string("algoctl ") + command->name) != std::string::npos) ++examples;
    }
    CHECK(examples >= 2);
    CHECK(find_command(command->name) == command);
  }
}

TEST_CASE("overview: every command on a line of at most 80 columns") {
  const std::string text = overview();
  CHECK(longest_line(text) <= 80);
  for (const Command* command : commands()) {
    CHECK(text.find(std::string("\n  ") + command->name + "  ") != std::string::npos);
  }
}

TEST_CASE("find_command: only the whole name") {
  CHECK(find_command("config") != nullptr);
  CHECK(find_command("confi") == nullptr);
  CHECK(find_command("") == nullptr);
  CHECK_FALSE(is_command_prefix("config"));
}

}  // namespace algoctl::cli
