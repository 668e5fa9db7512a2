#include "console.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "base/json.h"
#include "base/text.h"

namespace algoctl::cli {

namespace {

constexpr const char* kRed = "\033[1;31m";
constexpr const char* kYellow = "\033[1;33m";
constexpr const char* kBlue = "\033[1;34m";

std::string painted(std::string_view text, const char* color, bool wanted) {
  return wanted ? color + std::string(text) + "\033[0m" : std::string(text);
}

/// `HEAD` and the text, its further lines under the first. What else a terminal obeys becomes a
/// blank: texts of others are in it.
std::string paragraph(const std::string& head, std::string_view text, std::string_view indent) {
  std::string result = head;
  for (const char c : text) {
    result += c == '\n' ? std::string(1, c) : printable(std::string(1, c));
    if (c == '\n') result += indent;
  }
  return result + "\n";
}

bool is_dumb(const char* term) { return term != nullptr && std::strcmp(term, "dumb") == 0; }

}  // namespace

bool wants_color(bool terminal, const char* no_color, const char* term) {
  return terminal && (no_color == nullptr || *no_color == '\0') && !is_dumb(term);
}

std::string error_text(const Error& error, bool color) {
  std::string text = paragraph(painted("algoctl:", kRed, color) + " ", error.message(), "");
  if (!error.hint().empty()) {
    text += paragraph("  " + painted("hint:", kBlue, color) + " ", error.hint(), "        ");
  }
  return text;
}

std::string error_record(const Error& error, int exit) {
  return Json::object()
      .set("schema", "algoctl.error/v1")
      .set("code", code_name(error.code()))
      .set("exit", exit)
      .set("message", error.message())
      .set("hint", error.hint().empty() ? Json(nullptr) : Json(error.hint()))
      .dump();
}

void Console::message(std::string_view text) { write(paragraph("algoctl: ", text, "  ")); }

void Console::warn(std::string_view text) {
  write(paragraph("algoctl: " + painted("warning:", kYellow, look().color) + " ", text, "  "));
}

void Console::error(const Error& error, int exit, bool json) noexcept try {
  write(json ? error_record(error, exit) + "\n" : error_text(error, look().color));
} catch (...) {
  write("algoctl: out of memory\n");
}

void Console::write(std::string_view bytes) noexcept {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

const Console::Look& Console::look() {
  if (looked_) return look_;
  looked_ = true;
  const bool terminal = ::isatty(fd_) == 1;
  const char* term = std::getenv("TERM");
  look_.terminal = terminal && !is_dumb(term);
  look_.color = wants_color(terminal, std::getenv("NO_COLOR"), term);
  winsize size{};
  if (terminal && ::ioctl(fd_, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
    look_.width = size.ws_col;
  return look_;
}

}  // namespace algoctl::cli
