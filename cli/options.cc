#include "options.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>

#include "algoctl/error.h"
#include "base/text.h"

namespace algoctl::cli {

namespace {

using Kind = OptionSpec::Kind;

/// What CLI11 counts for one option. Its own conversions and checks are not used: we set the
/// targets ourselves, in the order in which they were declared.
CLI::Option* add_to(CLI::App& app, const OptionSpec& spec) {
  if (spec.kind == Kind::flag) {
    return app.add_flag_callback(spec.names, [] {})
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  }
  return app.add_option(spec.names, CLI::callback_t([](const CLI::results_t&) { return true; }))
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

/// `--as` of "--as: 1 required  missing": CLI11 says which option only in its text.
std::string first_word(std::string_view text) {
  return std::string(text.substr(0, text.find_first_of(": ")));
}

}  // namespace

void throw_empty_value() {
  throw Error(Code::usage, "the value is empty", "give it one, or leave the option out");
}

std::vector<std::string> option_names(const OptionSpec& spec) {
  return *spec.names == '\0' ? std::vector<std::string>{} : split(spec.names, ',');
}

std::string OptionSpec::name() const {
  const auto all = option_names(*this);
  return all.empty() ? metavar : all.back();
}

bool OptionSpec::may_lack_value() const { return kind == Kind::value && *metavar == '['; }

std::string OptionSpec::synopsis() const {
  std::string text = join(option_names(*this), ", ");
  if (*metavar != '\0') text += text.empty() ? metavar : std::string(" ") + metavar;
  return text;
}

void Options::add(Kind kind, const char* names, const char* metavar, const char* help,
                  std::function<void(const std::string&)> set) {
  // A command's own option stands before a global one of the same name: `show --manifest`.
  std::erase_if(specs_, [&](const OptionSpec& spec) {
    return spec.global && std::string_view(spec.names) == names;
  });
  specs_.push_back({kind, names, metavar, help, command_.empty(), 0, false, std::move(set)});
}

void Options::add_argument(const char* metavar, const char* help, int least, bool many,
                           std::function<void(const std::string&)> set) {
  specs_.push_back({Kind::argument, "", metavar, help, false, least, many, std::move(set)});
}

void Options::flag(bool& target, const char* names, const char* help) {
  add(Kind::flag, names, "", help, [&target](const std::string&) { target = true; });
}

void Options::dry_run(bool& target) {
  flag(target, "--dry-run", "say what would change, and change nothing");
}

const OptionSpec* Options::find(std::string_view name) const noexcept {
  for (const OptionSpec& spec : specs_) {
    std::string_view names = spec.names;
    while (!names.empty()) {
      const auto comma = std::min(names.find(','), names.size());
      if (names.substr(0, comma) == name) return &spec;
      names.remove_prefix(std::min(comma + 1, names.size()));
    }
  }
  return nullptr;
}

void Options::parse(const std::vector<std::string>& arguments) {
  Tied tied;
  std::vector<std::string> rest = split_values(arguments, tied);
  CLI::App app;
  app.set_help_flag();
  app.allow_extras();
  std::vector<CLI::Option*> given;
  for (const OptionSpec& spec : specs_) {
    given.push_back(spec.kind == Kind::argument ? nullptr : add_to(app, spec));
  }
  CLI::Option* positionals = add_to(app, {Kind::argument, "arguments", "", "", false, 0, true, {}});
  positionals->expected(std::max(1, static_cast<int>(rest.size())));
  try {
    std::reverse(rest.begin(), rest.end());  // CLI11 takes them from the back
    app.parse(rest);
  } catch (const CLI::ArgumentMismatch& error) {
    throw_missing_value(*find(first_word(error.what())));
  } catch (const CLI::Error& error) {
    throw Error(Code::internal, std::string("cannot read the arguments: ") + error.what());
  }
  for (const std::string& unknown : app.remaining()) {
    if (unknown != "--") throw_unknown(unknown);  // the mark itself is among what CLI11 leaves
  }
  for (std::size_t i = 0; i < specs_.size(); ++i) {
    if (given[i] != nullptr && given[i]->count() > 0) {
      set_option(specs_[i], given[i]->results(), tied);
    }
  }
  set_arguments(positionals->results());
}

bool Options::ask_for_help(const std::vector<std::string>& arguments) const {
  const auto end = std::find(arguments.begin(), arguments.end(), "--");
  for (auto it = arguments.begin(); it != end; ++it) {
    if (*it == "-h" || *it == "--help") return true;
    const OptionSpec* spec = find(*it);
    const bool takes_next =
        spec != nullptr && spec->kind != Kind::flag && !lacks_value(it, arguments.end());
    if (takes_next && ++it == end) break;
  }
  return false;
}

/// True when `it` is an option whose value was left out, as it may be.
bool Options::lacks_value(std::vector<std::string>::const_iterator it,
                          std::vector<std::string>::const_iterator end) const {
  const OptionSpec* spec = find(*it);
  if (spec == nullptr || !spec->may_lack_value()) return false;
  return ++it == end || starts_with(*it, "-");
}

/// `--name=value` as two arguments, since CLI11 takes `--name=` for a name whose value comes next.
std::vector<std::string> Options::split_values(const std::vector<std::string>& arguments,
                                               Tied& tied) const {
  std::vector<std::string> result;
  for (auto it = arguments.begin(); it != arguments.end(); ++it) {
    if (*it == "--") {
      result.insert(result.end(), it, arguments.end());
      break;
    }
    const auto equals = it->find('=');
    const OptionSpec* spec = equals == std::string::npos || !starts_with(*it, "--")
                                 ? nullptr
                                 : find(std::string_view(*it).substr(0, equals));
    if (spec == nullptr) {
      result.push_back(*it);
      if (lacks_value(it, arguments.end())) result.emplace_back();
    } else if (spec->kind == Kind::flag) {
      throw Error(Code::usage, "option " + spec->name() + " takes no value",
                  "leave out " + quoted(it->substr(equals)));
    } else {
      result.push_back(it->substr(0, equals));
      result.push_back(it->substr(equals + 1));
      tied.emplace(spec, result.back());
    }
  }
  return result;
}

void Options::set_option(const OptionSpec& spec, const std::vector<std::string>& values,
                         const Tied& tied) const {
  if (spec.kind == Kind::flag) return spec.set("");
  if (spec.kind == Kind::value && values.size() > 1) {
    throw Error(Code::usage, "option " + spec.name() + " was given twice");
  }
  for (const std::string& value : values) {
    // `publish -m --dry-run` must not publish with the notes "--dry-run"; `--message=-v` may.
    if (find(value) != nullptr && !tied.contains({&spec, value})) throw_missing_value(spec);
    try {
      spec.set(value);
    } catch (Error& error) {
      throw error.within("option " + spec.name());
    }
  }
}

void Options::set_arguments(const std::vector<std::string>& values) const {
  std::size_t next = 0;
  for (const OptionSpec& spec : specs_) {
    if (spec.kind != Kind::argument) continue;
    const std::size_t left = values.size() - next;
    if (left < static_cast<std::size_t>(spec.least)) {
      throw Error(Code::usage, std::string("argument ") + spec.metavar + " is missing", see_help());
    }
    for (const std::size_t end = next + (spec.many ? left : std::min<std::size_t>(left, 1));
         next < end; ++next) {
      spec.set(values[next]);
    }
  }
  if (next < values.size()) {
    throw Error(Code::usage, "unexpected argument " + quoted(values[next]), see_help());
  }
}

void Options::throw_repeated_key(const std::string& key) {
  throw Error(Code::usage, quoted(key) + " was given twice");
}

void Options::throw_missing_value(const OptionSpec& spec) const {
  throw Error(Code::usage, "option " + spec.name() + " needs a value: " + spec.synopsis(),
              see_help());
}

void Options::throw_unknown(const std::string& option) const {
  const std::string name = option.substr(0, option.find('='));
  std::vector<std::string> known;
  for (const OptionSpec& spec : specs_) {
    for (std::string& each : option_names(spec)) known.push_back(std::move(each));
  }
  if (command_.empty()) known.emplace_back("--version");
  // Any two short names are near each other.
  std::string hint = name.size() > 2 ? did_you_mean(name, known) : "";
  if (name == "--dry-run") hint = quoted(command_) + " changes nothing";
  throw Error(Code::usage, "unknown option " + quoted(name), hint.empty() ? see_help() : hint);
}

std::string Options::see_help() const {
  return "see: algoctl " + (command_.empty() ? "" : command_ + " ") + "--help";
}

}  // namespace algoctl::cli
