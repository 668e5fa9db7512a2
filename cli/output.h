#pragma once

#include <string>
#include <string_view>

namespace algoctl::cli {

/// Standard output: one buffer before write(2). A reader that has gone is not an error; what is
/// written after that is dropped.
class Output {
 public:
  explicit Output(int fd) : fd_(fd) {}

  /// Throws Error{storage} when the bytes cannot be written: a full disk, say.
  void write(std::string_view bytes);
  void line(std::string_view text);
  void flush();

  /// Finds out, without writing, whether the reader of a pipe has gone.
  void look_for_reader() noexcept;

  /// True once nobody reads any more: stop producing.
  [[nodiscard]] bool closed() const noexcept { return closed_; }

 private:
  int fd_;
  std::string buffer_;
  bool closed_ = false;
};

/// Opens each of 0, 1 and 2 that is closed on /dev/null, so that no database gets its number.
void open_standard_files();

}  // namespace algoctl::cli
