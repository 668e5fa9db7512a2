#include "support/transcript.h"

#include <pwd.h>
#include <unistd.h>

#include <map>
#include <regex>

#include "base/text.h"
#include "support/typist.h"

namespace algoctl::test {

namespace {

std::string user_name() {
  const passwd* entry = ::getpwuid(::geteuid());
  return entry == nullptr ? std::to_string(::geteuid()) : entry->pw_name;
}

/// `text` with each match as `<KIND N>`, numbered as they come.
std::string numbered(const std::string& text, const std::regex& pattern, const std::string& kind) {
  std::map<std::string, std::string> names;
  std::string result;
  std::size_t at = 0;
  for (std::sregex_iterator it(text.begin(), text.end(), pattern), end; it != end; ++it) {
    const auto next = names.emplace(it->str(), kind + " " + std::to_string(names.size() + 1)).first;
    result += text.substr(at, static_cast<std::size_t>(it->position()) - at);
    result += "<" + next->second + ">";
    at = static_cast<std::size_t>(it->position() + it->length());
  }
  return result + text.substr(at);
}

std::string normalised(std::string text, const std::string& folder) {
  static const std::regex sha256("\\b[0-9a-f]{64}\\b");
  static const std::regex id("\\b[0-9a-f]{32}\\b");
  text = without_times(filled(std::move(text), {{folder, "TMP"}}));
  text = numbered(numbered(text, sha256, "sha256"), id, "id");
  // Only whole words: who did it, in a column or a field.
  return std::regex_replace(text, std::regex("([\t \"])" + user_name() + "([\t \"\n])"),
                            "$1USER$2");
}

std::string marked(const std::string& mark, std::string text) {
  if (text.empty()) return "";
  if (text.back() == '\n') text.pop_back();
  std::string result;
  for (const std::string& line : split(text, '\n')) {
    result += mark + (line.empty() ? "" : " ") + line + "\n";
  }
  return result;
}

}  // namespace

Transcript::Transcript(const Shop& shop, const std::string& text)
    : folder_(shop.work().substr(0, shop.work().rfind('/'))) {
  for (const std::string& line : split(text, '\n')) {
    if (!line.empty() && std::string("$#").find(line[0]) == std::string::npos) continue;
    lines_.push_back(line);
    if (!starts_with(line, "$ ")) continue;
    const std::string command = line.substr(2);
    steps_.push_back({command, run({"/bin/sh", "-c", command},
                                   shop.inside({.env = {{"PATH", path_with_program()}}}))});
  }
  if (!lines_.empty() && lines_.back().empty()) lines_.pop_back();  // after the last line end
}

std::string Transcript::text() const {
  std::string text;
  auto step = steps_.begin();
  for (const std::string& line : lines_) {
    text += line + "\n";
    if (!starts_with(line, "$ ")) continue;
    text += marked(">", step->result.out) + marked("!", step->result.err);
    if (step->result.exit != 0) text += "? " + std::to_string(step->result.exit) + "\n";
    ++step;
  }
  return normalised(text, folder_);
}

}  // namespace algoctl::test
