// read_older_manifest on any bytes: refuses with Error{usage} or {integrity}, or gives files with
// different names; a manifest always agrees with itself, and what Python would print of any JSON
// has no unprinted character in it. The first byte says whether a lock is put on first.

#include <cstdint>
#include <cstdlib>
#include <set>
#include <string>
#include <string_view>

#include "algoctl/error.h"
#include "base/hash.h"
#include "core/older_manifest.h"
#include "core/python_repr.h"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

/// The text with a lock that fits; whatever it was without.
std::string locked(const std::string& text) {
  if (text.empty() || text.front() != '{') return text;
  algoctl::Md5 md5;
  md5.update(algoctl::python_repr(algoctl::parse_json(text, "fuzz"), "lock_checksum"));
  return "{\"lock_checksum\": \"" + md5.finish() + "\", " + text.substr(1);
}

void check(const std::string& text) {
  const algoctl::JsonFields fields(text, "fuzz");
  for (const char c : algoctl::python_repr(fields.root())) {
    require(static_cast<unsigned char>(c) >= 0x20);
  }
  if (!algoctl::is_older_manifest(fields.root())) return;
  const algoctl::OlderManifest manifest = algoctl::read_older_manifest(fields);
  std::set<std::string> names;
  for (const algoctl::OlderFile& file : manifest.files) require(names.insert(file.name).second);
  algoctl::require_frozen_from(fields, fields);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string text(reinterpret_cast<const char*>(data) + 1, size - 1);
  try {
    check(data[0] % 2 == 0 ? text : locked(text));
  } catch (const algoctl::Error& error) {
    require(error.code() == algoctl::Code::usage || error.code() == algoctl::Code::integrity);
  }
  return 0;
}
