#include "http/aws_config.h"

#include <utility>

#include "algoctl/error.h"
#include "base/text.h"
#include "http/fields.h"

namespace algoctl::http {
namespace {

constexpr std::string_view kBlanks = " \t\r";

std::string_view trim(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) + 1 - begin);
}

class Parser {
 public:
  explicit Parser(std::string_view path) : path_(path) {}

  void line(std::string_view text) {
    ++number_;
    const std::string_view content = trim(text);
    if (content.empty() || content[0] == '#' || content[0] == ';') return;
    const std::size_t indent = text.find_first_not_of(kBlanks);
    if (content[0] == '[' && indent == 0) return open(content);
    if (section_ == nullptr) fail("a setting before the first [section]");
    if (!name_.empty() && indent > indent_) return nested(content);
    indent_ = indent;
    name_.clear();
    name_ = set("", content);
  }

  std::map<std::string, AwsSection> sections;

 private:
  [[noreturn]] void fail(const std::string& what) const {
    throw Error(Code::usage,
                printable(std::string(path_)) + ":" + std::to_string(number_) + ": " + what);
  }

  void open(std::string_view content) {
    const std::size_t end = content.find(']');
    if (end == std::string_view::npos) fail("a section without ]");
    section_ = &sections[std::string(trim(content.substr(1, end - 1)))];
    name_.clear();
  }

  std::string set(const std::string& above, std::string_view content) {
    const std::size_t sign = content.find('=');
    const std::string_view name = trim(content.substr(0, sign));
    if (sign == std::string_view::npos || name.empty()) fail("expected NAME = VALUE");
    const std::string full = above + lower(name);
    (*section_)[full] = trim(content.substr(sign + 1));
    return full;
  }

  /// A line that is indented below a setting: one of its settings, or more of its value.
  void nested(std::string_view content) {
    std::string& value = (*section_)[name_];
    if (value.empty()) {
      set(name_ + ".", content);
    } else {
      value += "\n" + std::string(content);
    }
  }

  std::string_view path_;
  int number_ = 0;
  AwsSection* section_ = nullptr;
  std::string name_;  ///< of the setting that an indented line belongs to
  std::size_t indent_ = 0;
};

std::string file_path(const Surroundings& around, const char* variable, const char* name) {
  const auto home = around.filled("HOME");
  const std::string path = around.filled(variable).value_or(std::string("~/.aws/") + name);
  if (!starts_with(path, "~/")) return path;
  return home ? *home + path.substr(1) : "";
}

/// `profile x`, `profile "x"`: the config file's spelling of a profile's name.
std::string profile_of(const std::string& section) {
  if (!starts_with(section, "profile ") && !starts_with(section, "profile\t")) return {};
  std::string_view name = trim(std::string_view(section).substr(8));
  if (name.size() >= 2 && (name[0] == '"' || name[0] == '\'') && name.back() == name[0]) {
    name = name.substr(1, name.size() - 2);
  }
  return std::string(name);
}

/// Reads a file and takes the section that `is_it` says yes to, the last such one.
template <typename Predicate>
AwsConfig::File read_section(const Surroundings& around, const std::string& path, Predicate is_it) {
  AwsConfig::File file;
  file.path = path;
  const auto text = path.empty() ? std::nullopt : around.read(path);
  if (!text) return file;
  file.is_there = true;
  for (auto& [name, section] : parse_aws_file(*text, path)) {
    if (is_it(name)) file.section = section;
  }
  return file;
}

std::string described(const AwsConfig::File& file, const char* otherwise) {
  if (file.path.empty()) return "no home folder to look in";
  return quoted_path(file.path) + (file.is_there ? otherwise : " is not there");
}

}  // namespace

std::map<std::string, AwsSection> parse_aws_file(std::string_view text, std::string_view path) {
  if (starts_with(text, "\xef\xbb\xbf")) text.remove_prefix(3);
  Parser parser(path);
  for (const std::string& line : split(text, '\n')) parser.line(line);
  return std::move(parser.sections);
}

std::optional<std::string> AwsConfig::File::find(const std::string& name) const {
  if (!section) return std::nullopt;
  const auto found = section->find(name);
  return found == section->end() || found->second.empty() ? std::nullopt
                                                          : std::optional(found->second);
}

std::optional<std::string> AwsConfig::find(const std::string& name) const {
  const auto first = credentials.find(name);
  return first ? first : config.find(name);
}

std::string AwsConfig::place_of(const std::string& name) const {
  const File& file = credentials.find(name) ? credentials : config;
  return "profile " + quoted(profile) + " in " + quoted_path(file.path);
}

AwsConfig read_aws_config(const Surroundings& around, const std::string& profile) {
  AwsConfig all;
  const auto chosen =
      profile.empty() ? around.filled("AWS_PROFILE") : std::optional<std::string>(profile);
  all.profile = chosen.value_or("default");
  all.credentials =
      read_section(around, file_path(around, "AWS_SHARED_CREDENTIALS_FILE", "credentials"),
                   [&](const std::string& name) { return name == all.profile; });
  // In this order: `[default]` comes before `[profile default]`, which wins.
  all.config = read_section(
      around, file_path(around, "AWS_CONFIG_FILE", "config"), [&](const std::string& name) {
        return profile_of(name) == all.profile || (name == "default" && all.profile == "default");
      });
  if (chosen && *chosen != "default" && !all.credentials.section && !all.config.section) {
    throw Error(Code::unauthorized,
                "no AWS profile " + quoted(*chosen) + "\n" +
                    "  credentials: " + described(all.credentials, " has no such section") + "\n" +
                    "  config:      " + described(all.config, " has no such section"),
                "aws configure --profile " + *chosen + " makes it; aws configure list-profiles " +
                    "shows those that are there");
  }
  return all;
}

}  // namespace algoctl::http
