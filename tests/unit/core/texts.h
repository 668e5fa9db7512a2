#pragma once

#include <doctest/doctest.h>

#include <string>

namespace algoctl::test {

// Digests as they are written.
inline const std::string kA(64, 'a');
inline const std::string kB(64, 'b');
inline const std::string kC(64, 'c');

/// `text` with the first `from`, which must be there, as `to`.
inline std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

inline std::string replace_all(std::string text, const std::string& from, const std::string& to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) {
    text.replace(at, from.size(), to);
  }
  return text;
}

}  // namespace algoctl::test
