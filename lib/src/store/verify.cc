#include "store/verify.h"

#include "algoctl/error.h"
#include "base/text.h"

namespace algoctl {
namespace {

[[noreturn]] void throw_damaged(const std::string& name, const std::string& expected,
                                const std::string& found) {
  throw Error(Code::integrity,
              name + " is damaged\n  expected: " + expected + "\n  found:    " + found,
              "upload the file again, or bring it back from a copy: the same bytes mend it");
}

void require_size(const ObjectSource& source, std::int64_t size) {
  if (source.stamp()->size == size) return;
  throw_damaged(source.name(), std::to_string(size) + " bytes",
                std::to_string(source.stamp()->size) + " bytes");
}

void require_equal(const ObjectSource& source, const Digest& expected, const Digest& found) {
  if (found != expected) throw_damaged(source.name(), expected.str(), found.str());
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
  require_size(source, size);
  require_equal(source, digest, known_digest(source, stamps, options));
}

void recheck(const std::string& path, const Digest& digest, std::int64_t size, const Stamps& stamps,
             const TransferOptions& options) {
  ObjectSource source = ObjectSource::open(path, Watch::bytes);
  require_size(source, size);
  require_equal(source, digest, read_digest(source, stamps, options));
}

void copy_verified(const std::string& from, const Digest& digest, std::int64_t size, int to,
                   const std::string& to_path, const Stamps& stamps,
                   const TransferOptions& options) {
  ObjectSource source = ObjectSource::open(from, Watch::bytes);
  require_size(source, size);
  if (stamps.find(*source.stamp()) == digest && share_blocks(source.fd(), to)) {
    source.require_unchanged(size);
    return;
  }
  const Transferred bytes = copy_hashed(source, to, to_path, options);
  remember(source, bytes.digest, stamps);
  require_equal(source, digest, bytes.digest);
}

}  // namespace algoctl
