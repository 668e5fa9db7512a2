#pragma once

#include <string>

#include "algoctl/manifest.h"

namespace algoctl::test {

inline const std::string kA(64, 'a');
inline const std::string kB(64, 'b');

inline ModelFile model(const std::string& slot, const std::string& label = "new.pkl",
                       const std::string& hex = kB, std::int64_t size = 7) {
  return {Slot::parse(slot), Algorithm::parse("a/b"), Label::parse(label), Digest::parse(hex),
          size};
}

inline std::string replace_all(std::string text, const std::string& from, const std::string& to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) {
    text.replace(at, from.size(), to);
  }
  return text;
}

}  // namespace algoctl::test
