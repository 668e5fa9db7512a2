// splice_manifest on any text: refuses with Error{usage}, or gives a text that differs at exactly
// the planned places (its own check throws Error{internal} otherwise) and that the same edit does
// not change again. The first byte chooses the edit.

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "algoctl/error.h"
#include "core/manifest_text.h"
#include "core/splice.h"

namespace {

using algoctl::Code;
using algoctl::Error;
using algoctl::ManifestEdit;

void require(bool holds) {
  if (!holds) std::abort();
}

algoctl::ModelFile model(const char* slot, char digit, std::int64_t size) {
  return {algoctl::Slot::parse(slot), algoctl::Algorithm::parse("a/b"),
          algoctl::Label::parse("m.pkl"), algoctl::Digest::parse(std::string(64, digit)), size};
}

ManifestEdit edit_of(std::uint8_t choice) {
  ManifestEdit edit;
  if (choice & 1U) edit.version = algoctl::Version::parse(choice & 2U ? "1.3.0" : "2.0.0-rc.1");
  if (choice & 4U) edit.models.push_back(model("model", 'a', 123456));
  if (choice & 8U) edit.models.push_back(model("t/v", 'b', 0));
  if (choice & 16U) edit.models.push_back(model("new", 'c', 7));
  return edit;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const ManifestEdit edit = edit_of(data[0]);
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  try {
    const std::string spliced = algoctl::splice_manifest(text, edit, "fuzz");
    require(algoctl::splice_manifest(spliced, edit, "fuzz") == spliced);
    require(algoctl::splice_manifest(text, {}, "fuzz") == text);
    if (edit.models.empty()) {
      require(algoctl::manifest_essence(spliced, "fuzz") ==
              algoctl::manifest_essence(text, "fuzz"));
    }
  } catch (const Error& error) {
    require(error.code() == Code::usage);
  }
  return 0;
}
