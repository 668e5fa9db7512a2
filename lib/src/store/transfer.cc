#include "store/transfer.h"

#include <linux/fs.h>
#include <sys/ioctl.h>

#include <algorithm>
#include <memory>

#include "base/hash.h"
#include "store/blocks_behind.h"
#include "store/sparse_writer.h"

namespace algoctl {
namespace {

// Small enough to stay in the cache of a core between read and hash.
constexpr std::size_t kHashBlock = std::size_t{256} << 10U;
constexpr std::size_t kPassBlock = std::size_t{512} << 10U;  // the same for two cores

/// Hashes and counts what passes, and tells whoever watches.
class Meter {
 public:
  explicit Meter(const TransferOptions& options) : options_(options) {}

  void add(const char* bytes, std::size_t size) {
    for (std::size_t at = 0; at < size; at += kReportEvery) {
      add_piece(bytes + at, std::min(kReportEvery, size - at));
    }
  }

  /// What has passed, once `source` has shown that it did not change meanwhile.
  Transferred finish(const ObjectSource& source) {
    source.require_unchanged(done_);
    if (options_.progress && done_ != told_) options_.progress(done_);
    const Digest digest(hash_.finish());
    source.require_expected(digest);
    return {digest, done_};
  }

 private:
  void add_piece(const char* bytes, std::size_t size) {
    hash_.update(bytes, size);
    done_ += static_cast<std::int64_t>(size);
    if (!options_.progress || done_ - told_ < static_cast<std::int64_t>(kReportEvery)) return;
    options_.progress(done_);
    told_ = done_;
  }

  const TransferOptions& options_;
  Sha256 hash_;
  std::int64_t done_ = 0;
  std::int64_t told_ = 0;
};

void pass_all(ObjectSource& source, BlocksBehind& behind, Meter& meter,
              const TransferOptions& options) {
  for (;;) {
    char* block = behind.block();
    const std::size_t got = source.read(block, behind.size(), options.stop);
    behind.pass(got);
    meter.add(block, got);
    if (got < behind.size()) break;
  }
  behind.finish();
}

}  // namespace

Transferred hash_source(ObjectSource& source, const TransferOptions& options) {
  const auto buffer = std::make_unique_for_overwrite<char[]>(kHashBlock);
  Meter meter(options);
  for (;;) {
    const std::size_t got = source.read(buffer.get(), kHashBlock, options.stop);
    meter.add(buffer.get(), got);
    if (got < kHashBlock) return meter.finish(source);
  }
}

Transferred hash_source(ObjectSource& source, const TransferOptions& options,
                        std::function<void(std::string_view)> also) {
  BlocksBehind behind(kPassBlock, std::move(also));
  Meter meter(options);
  pass_all(source, behind, meter, options);
  return meter.finish(source);
}

Transferred copy_hashed(ObjectSource& source, int to, const std::string& to_path,
                        const TransferOptions& options) {
  if (source.stamp() && share_blocks(source.fd(), to)) {
    // What is hashed is the copy, which nobody else can change.
    ObjectSource copy = ObjectSource::stream(to, source.name());
    const Transferred bytes = hash_source(copy, options);
    source.require_unchanged(bytes.size);
    return bytes;
  }
  SparseWriter writer(to, to_path);
  BlocksBehind behind(SparseWriter::kBlock, [&](std::string_view bytes) { writer.write(bytes); });
  Meter meter(options);
  pass_all(source, behind, meter, options);
  writer.finish();
  return meter.finish(source);
}

bool share_blocks(int from, int to) noexcept { return ioctl(to, FICLONE, from) == 0; }

}  // namespace algoctl
