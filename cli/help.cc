#include "help.h"

#include <algorithm>

#include "base/text.h"
#include "commands.h"

namespace algoctl::cli {

namespace {

constexpr std::size_t kWidth = 80;
constexpr std::size_t kLongestLeft = 24;  // a longer one has its help on the next line

/// Two columns: names, and what they are.
class Table {
 public:
  void add(std::string left, std::string right) {
    if (left.size() <= kLongestLeft) width_ = std::max(width_, left.size());
    rows_.emplace_back(std::move(left), std::move(right));
  }

  [[nodiscard]] std::string text(std::string_view title) const {
    if (rows_.empty()) return {};
    std::string text = "\n" + std::string(title) + ":\n";
    const std::size_t column = width_ + 4;
    for (const auto& [left, right] : rows_) {
      text += "  " + left;
      const bool fits = left.size() <= width_;
      text += fits ? std::string(column - 2 - left.size(), ' ') : "\n" + std::string(column, ' ');
      text += wrap(right, column, kWidth) + "\n";
    }
    return text;
  }

 private:
  std::vector<std::pair<std::string, std::string>> rows_;
  std::size_t width_ = 0;
};

std::string indented(const std::string& lines) {
  std::string text;
  for (const std::string& line : split(lines, '\n')) {
    if (!line.empty()) text += "  " + line + "\n";
  }
  return text;
}

const char* title_of(Group group) {
  switch (group) {
    case Group::making: return "Making versions";
    case Group::using_versions: return "Using versions";
    case Group::governing: return "Governing versions";
    case Group::program: return "The program";
  }
  return "";
}

}  // namespace

std::string wrap(std::string_view text, std::size_t indent, std::size_t width) {
  std::string result;
  std::size_t column = indent;
  for (const std::string& word : split(std::string(text), ' ')) {
    if (word.empty()) continue;
    if (column > indent && column + 1 + word.size() > width) {
      result += "\n" + std::string(indent, ' ');
      column = indent;
    }
    if (column > indent) {
      result += ' ';
      ++column;
    }
    result += word;
    column += word.size();
  }
  return result;
}

std::string overview() {
  std::string text =
      "algoctl ships a retrained model to every process that runs it\n"
      "\n"
      "Usage: algoctl COMMAND [options]\n";
  for (const Group group :
       {Group::making, Group::using_versions, Group::governing, Group::program}) {
    Table table;
    for (const Command* command : commands()) {
      if (command->group == group) table.add(command->name, command->summary);
    }
    if (group == Group::program)
      table.add("help COMMAND", "print what a command does, by examples");
    text += table.text(title_of(group));
  }
  return text +
         "\n"
         "algoctl COMMAND --help prints its options; algoctl --version the version.\n";
}

std::string command_help(const Command& command, const Options& options) {
  Table arguments, own, global;
  for (const OptionSpec& spec : options.specs()) {
    const bool is_argument = spec.kind == OptionSpec::Kind::argument;
    (is_argument ? arguments : spec.global ? global : own).add(spec.synopsis(), spec.help);
  }
  const std::string usage = std::string("Usage: algoctl ") + command.name + " [options] ";
  return std::string(command.summary) + "\n\nExamples:\n" + indented(command.examples) + "\n" +
         wrap(usage + command.arguments, 0, kWidth) + "\n" + arguments.text("Arguments") +
         own.text("Options") + global.text("Global options");
}

}  // namespace algoctl::cli
