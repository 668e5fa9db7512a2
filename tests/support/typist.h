#pragma once

#include <string>

#include "support/process.h"
#include "support/shop.h"

namespace algoctl::test {

/// Somebody who sits at an interactive shell and types, in the work folder of a shop.
class Typist {
 public:
  /// `shell` is `bash` or `zsh`. It has read what `algoctl completion` prints for it, and then
  /// `setup`.
  Typist(const Shop& shop, const std::string& shell, const std::string& setup = "");

  /// Types the keys on an empty line. Returns what the line holds then.
  std::string line_after(const std::string& keys);

  /// All that the shell has shown, the keys' echo included.
  [[nodiscard]] const std::string& shown() const { return process_.so_far().err; }

 private:
  std::string next_answer();

  Process process_;
  std::size_t read_ = 0;  // of its standard output
};

/// PATH with the program in front.
std::string path_with_program();

}  // namespace algoctl::test
