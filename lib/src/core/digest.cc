#include "algoctl/digest.h"

#include <algorithm>

#include "algoctl/error.h"
#include "base/hash.h"
#include "base/text.h"

namespace algoctl {
namespace {

int nibble(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

}  // namespace

Digest Digest::parse(std::string_view text) {
  std::string_view digits = text;
  if (starts_with(digits, "sha256:")) digits.remove_prefix(7);
  const bool fits = digits.size() == 64 && std::all_of(digits.begin(), digits.end(),
                                                       [](char c) { return nibble(c) >= 0; });
  if (!fits) {
    throw Error(Code::usage, "malformed digest " + quoted(text),
                "write sha256: and 64 lower-case hexadecimal digits");
  }
  Bytes bytes{};
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    bytes[i] = static_cast<std::uint8_t>(nibble(digits[2 * i]) * 16 + nibble(digits[2 * i + 1]));
  }
  return Digest(bytes);
}

Digest Digest::of(std::string_view bytes) {
  Sha256 hash;
  hash.update(bytes);
  return Digest(hash.finish());
}

std::string Digest::hex() const {
  return to_hex({reinterpret_cast<const char*>(bytes_.data()), bytes_.size()});
}

}  // namespace algoctl
