#include "base/tar.h"

#include <cstdio>

#include "algoctl/error.h"
#include "base/text.h"

namespace algoctl {
namespace {

// Where the fields of a header are, and how long (POSIX.1-2017, pax, "ustar Interchange Format").
struct Field {
  std::size_t begin;
  std::size_t size;
};
constexpr Field kName{0, 100};
constexpr Field kMode{100, 8};
constexpr Field kOwner{108, 8};
constexpr Field kGroup{116, 8};
constexpr Field kSize{124, 12};
constexpr Field kTime{136, 12};
constexpr Field kChecksum{148, 8};
constexpr Field kType{156, 1};
constexpr Field kMagic{257, 8};
constexpr Field kMajor{329, 8};
constexpr Field kMinor{337, 8};

constexpr std::int64_t kOctalEnd = std::int64_t{1} << 33U;  // 11 octal digits

void put(std::string& block, Field field, std::string_view text) {
  block.replace(field.begin, text.size(), text);
}

std::string octal(std::int64_t value, int digits) {
  char text[32];
  std::snprintf(text, sizeof text, "%0*llo", digits, static_cast<unsigned long long>(value));
  return text;
}

std::string size_field(std::int64_t size) {
  if (size < kOctalEnd) return octal(size, 11) + '\0';
  std::string field(kSize.size, '\0');
  field[0] = '\x80';
  for (std::size_t i = kSize.size; size > 0; size /= 256) {
    field[--i] = static_cast<char>(static_cast<unsigned char>(size % 256));
  }
  return field;
}

/// The sum of all bytes, those of the checksum itself taken for blanks.
std::int64_t checksum(std::string_view block) {
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < block.size(); ++i) {
    const bool own = i >= kChecksum.begin && i < kChecksum.begin + kChecksum.size;
    sum += own ? ' ' : static_cast<unsigned char>(block[i]);
  }
  return sum;
}

/// Any size at all: whether it is the right one shows when the header is written again.
std::int64_t read_size(std::string_view field) {
  const bool binary = field[0] == '\x80';
  std::uint64_t size = 0;
  for (const char c : field.substr(binary ? 1 : 0, 11)) {
    const auto byte = static_cast<unsigned char>(c);
    size = binary ? size * 256 + byte : size * 8 + (byte & 7U);
  }
  return static_cast<std::int64_t>(size & 0x7fffffffffffffffU);
}

}  // namespace

std::string tar_header(std::string_view name, std::int64_t size) {
  if (name.empty() || name.size() > kName.size || size < 0) {
    throw Error(Code::internal, "no tar header can say " + quoted(name));
  }
  std::string block(kTarBlock, '\0');
  put(block, kName, name);
  put(block, kMode, "0000444");
  put(block, kOwner, "0000000");
  put(block, kGroup, "0000000");
  put(block, kSize, size_field(size));
  put(block, kTime, "00000000000");
  put(block, kType, "0");
  put(block, kMagic, std::string_view("ustar\00000", 8));
  put(block, kMajor, "0000000");
  put(block, kMinor, "0000000");
  put(block, kChecksum, octal(checksum(block), 6) + '\0' + ' ');
  return block;
}

std::int64_t tar_padded(std::int64_t size) noexcept {
  return (size + kTarBlock - 1) / kTarBlock * kTarBlock;
}

std::string tar_name(std::string_view block) {
  if (block.size() < static_cast<std::size_t>(kTarBlock)) return {};
  if (block.substr(kMagic.begin, 5) != "ustar") return {};
  const std::string_view name = block.substr(kName.begin, kName.size);
  return std::string(name.substr(0, name.find('\0')));
}

std::optional<TarEntry> read_tar_header(std::string_view block) {
  if (block.size() != static_cast<std::size_t>(kTarBlock)) return std::nullopt;
  TarEntry entry{tar_name(block), read_size(block.substr(kSize.begin, kSize.size))};
  if (entry.name.empty() || tar_header(entry.name, entry.size) != block) return std::nullopt;
  return entry;
}

}  // namespace algoctl
