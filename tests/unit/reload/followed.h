#pragma once

#include <chrono>
#include <deque>
#include <fstream>
#include <sstream>
#include <string>
#include <thread>

#include "algoctl/reload.h"
#include "unit/client/shelf.h"
#include "unit/core/failure.h"

namespace algoctl::test {

/// Longer than anything takes: the end of a wait for what does not come.
constexpr std::chrono::seconds kLong{60};

/// What the only file says: the simplest model.
inline std::string text_of(const Files& files) {
  std::ifstream file(files.path(), std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

/// A shelf whose channel `stable` moves.
struct Followed : Shelf {
  void promote(const std::string& version) {
    client.promote({ref(version), "stable", {}, "why", {}, false, true, false, false});
  }
};

}  // namespace algoctl::test
