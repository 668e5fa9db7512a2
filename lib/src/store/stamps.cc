#include "store/stamps.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <string_view>

#include "base/hash.h"

namespace algoctl {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::size_t kHexOfDigest = 64;
constexpr std::size_t kHexOfCheck = 16;
constexpr std::int64_t kLongestNote = 512;

bool is_past(std::int64_t time_ns, std::int64_t clock_ns) noexcept {
  // A time without a fraction is one of a file system that knows only seconds, or every second one.
  const std::int64_t grain = time_ns % kSecond == 0 ? 2 * kSecond : 1;
  return time_ns <= clock_ns - grain;
}

/// The note's only line: everything but its own check has a fixed form, so that reading a note is
/// writing it again and comparing.
std::string note(const FileStamp& stamp, std::string_view digest_hex) {
  char numbers[160];
  const int size = std::snprintf(
      numbers, sizeof numbers, "v1 %llu %llu %lld %lld %lld ",
      static_cast<unsigned long long>(stamp.device), static_cast<unsigned long long>(stamp.inode),
      static_cast<long long>(stamp.size), static_cast<long long>(stamp.mtime_ns),
      static_cast<long long>(stamp.ctime_ns));
  std::string line(numbers, static_cast<std::size_t>(size));
  line += digest_hex;
  const std::string check = Digest::of(line).hex().substr(0, kHexOfCheck);
  return line + " " + check + "\n";
}

/// Where the digest stands in a note, seen from the end.
std::string_view digest_in(std::string_view text) noexcept {
  constexpr std::size_t kTail = kHexOfDigest + 1 + kHexOfCheck + 1;
  return text.size() < kTail ? std::string_view() : text.substr(text.size() - kTail, kHexOfDigest);
}

/// Without fsync: a note that is lost or torn is a note that is not known.
void write_note(const std::string& path, const std::string& text) {
  const std::string temporary = path + "." + to_hex(random_bytes(6));
  {
    const Fd fd = open_file(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0600);
    const ssize_t written = ::write(fd.get(), text.data(), text.size());
    if (written == static_cast<ssize_t>(text.size()) &&
        rename(temporary.c_str(), path.c_str()) == 0) {
      return;
    }
  }
  unlink(temporary.c_str());
}

/// Made for its owner alone, unlike what make_folders makes, and with no need to be durable.
void make_private_folders(const std::string& path) noexcept {
  for (std::size_t slash = path.find('/', 1); slash != std::string::npos;
       slash = path.find('/', slash + 1)) {
    mkdir(path.substr(0, slash).c_str(), 0700);
  }
  mkdir(path.c_str(), 0700);
}

}  // namespace

bool stamp_is_settled(const FileStamp& stamp, std::int64_t clock_ns) noexcept {
  return is_past(stamp.mtime_ns, clock_ns) && is_past(stamp.ctime_ns, clock_ns);
}

Stamps::Stamps(std::string cache)
    : folder_(cache.empty() ? std::string() : std::move(cache) + "/stamps") {}

std::string Stamps::path_of(const FileStamp& stamp) const {
  char name[64];
  std::snprintf(name, sizeof name, "/%02x/%llx-%llx", static_cast<unsigned>(stamp.inode % 256),
                static_cast<unsigned long long>(stamp.device),
                static_cast<unsigned long long>(stamp.inode));
  return folder_ + name;
}

std::optional<Digest> Stamps::find(const FileStamp& stamp) const noexcept try {
  if (folder_.empty()) return std::nullopt;
  const auto text = read_file(path_of(stamp), kLongestNote);
  if (!text) return std::nullopt;
  const std::string_view digest = digest_in(*text);
  if (*text != note(stamp, digest)) return std::nullopt;
  return Digest::parse(digest);
} catch (...) {
  return std::nullopt;
}

void Stamps::record(const FileStamp& stamp, const Digest& digest) const noexcept try {
  if (folder_.empty()) return;
  const std::string path = path_of(stamp);
  make_private_folders(folder_of(path));
  write_note(path, note(stamp, digest.hex()));
} catch (...) {
  // Not remembered, then.
}

}  // namespace algoctl
