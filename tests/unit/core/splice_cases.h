#pragma once

#include <string>

#include "algoctl/manifest.h"
#include "unit/core/texts.h"

namespace algoctl::test {

inline ModelFile new_model(const std::string& slot, const std::string& label = "new.pkl",
                           const std::string& hex = kB, std::int64_t size = 7) {
  return {Slot::parse(slot), Algorithm::parse("a/b"), Label::parse(label), Digest::parse(hex),
          size};
}

}  // namespace algoctl::test
