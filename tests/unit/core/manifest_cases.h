#pragma once

#include <string>

#include "algoctl/manifest.h"
#include "unit/core/refusal.h"
#include "unit/core/texts.h"

namespace algoctl::test {

inline ModelFile model(const char* slot, const char* label, const std::string& hex,
                       std::int64_t size) {
  return {Slot::parse(slot), Algorithm::parse("acme/sentiment"), Label::parse(label),
          Digest::parse(hex), size};
}

inline std::string slot_text(const std::string& slot, const std::string& label,
                             const std::string& hex, const std::string& size = "1",
                             const std::string& name = "acme/sentiment") {
  return "\"" + slot + "\":{\"uri\":\"data://" + name + "/" + label + "\",\"sha256\":\"" + hex +
         "\",\"size\":" + size + "}";
}

/// A manifest whose `models` begin in line 2, column 1.
inline std::string with_models(const std::string& models) {
  return "{\"schema\":\"algoctl.manifest/v1\",\"name\":\"acme/sentiment\",\"models\":{\n" + models +
         "}}";
}

inline Refusal manifest_refusal(const std::string& text) {
  return refusal([&] { (void)Manifest::parse(text, "algorithm.json"); });
}

}  // namespace algoctl::test
