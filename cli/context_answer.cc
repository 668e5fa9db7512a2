#include <unistd.h>

#include <algorithm>

#include "context.h"
#include "progress.h"

namespace algoctl::cli {

Json Context::record() const {
  std::string name = command_;
  std::replace(name.begin(), name.end(), ' ', '-');
  return Json::object().set("schema", "algoctl." + name + "/v1");
}

void Context::write(std::string_view bytes) {
  if (progress_) progress_->erase();
  output_.write(bytes);
}

bool Context::flush() {
  output_.flush();
  output_.look_for_reader();
  return !output_.closed();
}

void Context::answer(std::string_view line, const Fill& fill) {
  answer(std::vector<std::string>{std::string(line)}, fill);
}

void Context::answer(const std::vector<std::string>& lines, const Fill& fill) {
  if (json()) {
    Json whole = record();
    fill(whole);
    return write(whole.dump() + "\n");
  }
  for (const std::string& line : lines) write(line + "\n");
}

Rows Context::rows(const std::string& key, const Fill& head) {
  Json start = record();
  if (json() && head) head(start);
  return Rows(*this, start, key);
}

Rows::Rows(Context& ctx, const Json& head, const std::string& key) : ctx_(ctx) {
  if (!ctx_.json()) return;
  std::string text = head.dump();
  text.pop_back();  // its closing brace comes with `finish`
  ctx_.write(text + "," + Json(key).dump() + ":[");
}

bool Rows::add(std::string_view line, const Context::Fill& item) {
  if (ctx_.json()) {
    Json row = Json::object();
    item(row);
    ctx_.write((first_ ? "" : ",") + row.dump());
    first_ = false;
  } else {
    ctx_.write(std::string(line) + "\n");
  }
  return !ctx_.output_.closed();
}

void Rows::finish() {
  if (ctx_.json()) ctx_.write("]}\n");
}

void Context::message(std::string_view text) {
  if (globals_.quiet || (globals_.json && !globals_.verbose)) return;
  if (progress_) progress_->erase();
  console_.message(text);
}

void Context::detail(std::string_view text) {
  if (globals_.verbose) message(text);
}

void Context::warn(std::string_view text) {
  if (globals_.quiet) return;
  if (progress_) progress_->erase();
  console_.warn(text);
}

bool Context::show(const std::string& line) {
  if (progress_) progress_->show(line);
  return progress_ != nullptr;
}

bool Context::confirm(std::string_view question) {
  if (globals_.yes) return true;
  if (::isatty(0) != 1 || ::isatty(2) != 1) {
    throw Error(Code::usage, std::string(question) + " nobody is there to answer",
                "answer with --yes");
  }
  console_.write("algoctl: " + std::string(question) + " [y/N] ");
  char answer[16] = {};
  return ::read(0, answer, sizeof(answer) - 1) > 0 && (answer[0] == 'y' || answer[0] == 'Y');
}

}  // namespace algoctl::cli
