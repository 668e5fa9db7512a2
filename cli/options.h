#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace algoctl::cli {

/// One option or positional argument, as help, suggestions and completion need to know it.
struct OptionSpec {
  enum class Kind { flag, value, list, argument };

  Kind kind;
  const char* names;    ///< `-m,--message`; empty for a positional
  const char* metavar;  ///< `NOTES`; empty for a flag
  const char* help;
  bool global;
  int least;  ///< of a positional: how many there must be
  bool many;  ///< of a positional: takes all that are left
  std::function<void(const std::string&)> set;

  /// The name that messages use: `--message`, or the metavar of a positional.
  [[nodiscard]] std::string name() const;
  /// True for `[URL]`: the value may be left out, and is empty then.
  [[nodiscard]] bool may_lack_value() const;
  /// `-m, --message NOTES`.
  [[nodiscard]] std::string synopsis() const;
};

/// Throws Error{usage}.
[[noreturn]] void throw_empty_value();

/// Turns any text into a value: T::parse, unless T is a string.
template <typename T>
T parse_text(const std::string& text) {
  if constexpr (std::is_same_v<T, std::string>) {
    return text;
  } else {
    return T::parse(text);
  }
}

/// The same for the value of an option, where an empty one would count as none given: a script
/// whose variable is empty must not lose what it asked for.
template <typename T>
T parse_value(const std::string& text) {
  if (std::is_same_v<T, std::string> && text.empty()) throw_empty_value();
  return parse_text<T>(text);
}

/// What a command understands, bound to the variables that receive it. Targets must outlive
/// `parse`. A target of a type with `static T parse(text)` is parsed here, so that commands see no
/// raw text; for others a parser is given. Its Error gets the option's name put before it.
class Options {
 public:
  void flag(bool& target, const char* names, const char* help);

  /// An option with one value. With a metavar in brackets the value may be left out before another
  /// option and at the end of the line: it is empty then, as parse_text takes it.
  template <typename T>
  void value(T& target, const char* names, const char* metavar, const char* help,
             T (*parser)(const std::string&) = parse_value<T>) {
    add(OptionSpec::Kind::value, names, metavar, help,
        [&target, parser](const std::string& text) { target = parser(text); });
  }
  template <typename T>
  void value(std::optional<T>& target, const char* names, const char* metavar, const char* help,
             T (*parser)(const std::string&) = parse_value<T>) {
    add(OptionSpec::Kind::value, names, metavar, help,
        [&target, parser](const std::string& text) { target = parser(text); });
  }

  /// An option that may stand several times, each time with one value.
  template <typename T>
  void list(std::vector<T>& target, const char* names, const char* metavar, const char* help,
            T (*parser)(const std::string&) = parse_value<T>) {
    add(OptionSpec::Kind::list, names, metavar, help,
        [&target, parser](const std::string& text) { target.push_back(parser(text)); });
  }

  /// The same, of pairs with different keys.
  template <typename T>
  void list(std::map<std::string, T>& target, const char* names, const char* metavar,
            const char* help, std::pair<std::string, T> (*parser)(const std::string&)) {
    add(OptionSpec::Kind::list, names, metavar, help, [&target, parser](const std::string& text) {
      auto pair = parser(text);
      if (!target.insert(pair).second) throw_repeated_key(pair.first);
    });
  }

  /// A positional argument that must be there.
  template <typename T>
  void argument(T& target, const char* metavar, const char* help,
                T (*parser)(const std::string&) = parse_text<T>) {
    add_argument(metavar, help, 1, false,
                 [&target, parser](const std::string& text) { target = parser(text); });
  }
  /// The same for a type without a default value.
  template <typename T>
  void argument(std::optional<T>& target, const char* metavar, const char* help,
                T (*parser)(const std::string&) = parse_text<T>) {
    add_argument(metavar, help, 1, false,
                 [&target, parser](const std::string& text) { target = parser(text); });
  }
  /// A positional argument that may be left out.
  template <typename T>
  void optional_argument(std::optional<T>& target, const char* metavar, const char* help,
                         T (*parser)(const std::string&) = parse_text<T>) {
    add_argument(metavar, help, 0, false,
                 [&target, parser](const std::string& text) { target = parser(text); });
  }
  /// All positional arguments that are left; at least so many.
  template <typename T>
  void arguments(std::vector<T>& target, const char* metavar, const char* help, int least,
                 T (*parser)(const std::string&) = parse_text<T>) {
    add_argument(metavar, help, least, true,
                 [&target, parser](const std::string& text) { target.push_back(parser(text)); });
  }

  /// `--dry-run`, for a command that changes something.
  void dry_run(bool& target);

  /// What is added from here on belongs to this command, not to every one.
  void begin_command(std::string name) { command_ = std::move(name); }

  /// True when `-h` or `--help` is among the arguments, and no option's value.
  [[nodiscard]] bool ask_for_help(const std::vector<std::string>& arguments) const;

  /// Reads the arguments and sets the targets. Throws Error{usage} naming what does not fit.
  void parse(const std::vector<std::string>& arguments);

  [[nodiscard]] const std::vector<OptionSpec>& specs() const noexcept { return specs_; }

  /// The option called `name`, dashes included, or nullptr.
  [[nodiscard]] const OptionSpec* find(std::string_view name) const noexcept;

 private:
  void add(OptionSpec::Kind kind, const char* names, const char* metavar, const char* help,
           std::function<void(const std::string&)> set);
  void add_argument(const char* metavar, const char* help, int least, bool many,
                    std::function<void(const std::string&)> set);
  /// An option, and a value that an equals sign ties to it.
  using Tied = std::set<std::pair<const OptionSpec*, std::string>>;

  [[nodiscard]] std::vector<std::string> split_values(const std::vector<std::string>& arguments,
                                                      Tied& tied) const;
  [[nodiscard]] bool lacks_value(std::vector<std::string>::const_iterator it,
                                 std::vector<std::string>::const_iterator end) const;
  void set_option(const OptionSpec& spec, const std::vector<std::string>& values,
                  const Tied& tied) const;
  void set_arguments(const std::vector<std::string>& values) const;
  [[noreturn]] static void throw_repeated_key(const std::string& key);
  [[noreturn]] void throw_missing_value(const OptionSpec& spec) const;
  [[noreturn]] void throw_unknown(const std::string& option) const;
  [[nodiscard]] std::string see_help() const;

  std::vector<OptionSpec> specs_;
  std::string command_;
};

/// The names of a spec one by one: `-m`, `--message`.
std::vector<std::string> option_names(const OptionSpec& spec);

}  // namespace algoctl::cli
