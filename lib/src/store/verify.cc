#include "store/verify.h"

#include <chrono>
#include <thread>

#include "algoctl/error.h"
#include "base/clock.h"
#include "base/text.h"

namespace algoctl {
namespace {

// Smaller files are read again faster than the clock of files moves on.
constexpr std::int64_t kWorthAStamp = std::int64_t{1} << 20U;
constexpr int kMostGrainsMs = 20;

[[noreturn]] void throw_damaged(const std::string& name, const std::string& expected,
                                const std::string& found) {
  throw Error(Code::integrity,
              name + " is damaged\n  expected: " + expected + "\n  found:    " + found,
              "upload the file again, or bring it back from a copy: the same bytes mend it");
}

/// Also for a digest that is not the expected one: damage is remembered like soundness.
void remember(const ObjectSource& source, const Digest& digest, const Stamps& stamps) {
  if (source.settled()) stamps.record(*source.stamp(), digest);
}

Digest read_digest(ObjectSource& source, const Stamps& stamps, const TransferOptions& options) {
  const Digest digest = hash_source(source, options).digest;
  remember(source, digest, stamps);
  return digest;
}

Digest known_digest(ObjectSource& source, const Stamps& stamps, const TransferOptions& options) {
  const auto known = stamps.find(*source.stamp());
  return known ? *known : read_digest(source, stamps, options);
}

}  // namespace

void remember_written(const std::string& path, const Digest& digest, const Stamps& stamps) noexcept
    try {
  const auto info = stat_if_there(path);
  if (!info || info->st_size < kWorthAStamp) return;
  const FileStamp stamp = stamp_of(*info);
  for (int i = 0; i < kMostGrainsMs && !stamp_is_settled(stamp, file_clock_ns()); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  if (stamp_is_settled(stamp, file_clock_ns())) stamps.record(stamp, digest);
} catch (const std::exception&) {
  // It is read again when it is needed.
}

void require_object(const std::string& name, std::int64_t expected, std::int64_t found) {
  if (found == expected) return;
  throw_damaged(name, std::to_string(expected) + " bytes", std::to_string(found) + " bytes");
}

void require_object(const std::string& name, const Digest& expected, const Digest& found) {
  if (found != expected) throw_damaged(name, expected.str(), found.str());
}

Digest hash_file(const std::string& path, const Stamps& stamps, const TransferOptions& options) {
  ObjectSource source = ObjectSource::open(path);
  return read_digest(source, stamps, options);
}

Digest digest_of_file(const std::string& path, const Stamps& stamps,
                      const TransferOptions& options) {
  ObjectSource source = ObjectSource::open(path);
  return known_digest(source, stamps, options);
}

bool has_digest(const std::string& path, const Digest& digest, std::int64_t size,
                const Stamps& stamps, const TransferOptions& options) {
  ObjectSource source = ObjectSource::open(path, Watch::bytes);
  return source.stamp()->size == size && known_digest(source, stamps, options) == digest;
}

void require_digest(const std::string& path, const Digest& digest, std::int64_t size,
                    const Stamps& stamps, const TransferOptions& options) {
  ObjectSource source = ObjectSource::open(path, Watch::bytes);
  require_object(source.name(), size, source.stamp()->size);
  require_object(source.name(), digest, known_digest(source, stamps, options));
}

void recheck(const std::string& path, const Digest& digest, std::int64_t size, const Stamps& stamps,
             const TransferOptions& options) {
  ObjectSource source = ObjectSource::open(path, Watch::bytes);
  require_object(source.name(), size, source.stamp()->size);
  require_object(source.name(), digest, read_digest(source, stamps, options));
}

void copy_verified(const std::string& from, const Digest& digest, std::int64_t size, int to,
                   const std::string& to_path, const Stamps& stamps,
                   const TransferOptions& options) {
  ObjectSource source = ObjectSource::open(from, Watch::bytes);
  require_object(source.name(), size, source.stamp()->size);
  if (stamps.find(*source.stamp()) == digest && share_blocks(source.fd(), to)) {
    source.require_unchanged(size);
    return;
  }
  const Transferred bytes = copy_hashed(source, to, to_path, options);
  remember(source, bytes.digest, stamps);
  require_object(source.name(), digest, bytes.digest);
}

}  // namespace algoctl
