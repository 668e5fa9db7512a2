#include "support/conformance.h"

#include <doctest/doctest.h>
#include <fcntl.h>

#include <algorithm>
#include <fstream>
#include <vector>

#include "algoctl/error.h"
#include "base/file.h"

namespace algoctl::test {
namespace {

/// Bytes without a pattern, the same for the same seed.
std::string noise(std::size_t size, std::uint32_t seed) {
  std::string bytes(size, '\0');
  for (char& byte : bytes) {
    seed = seed * 1664525 + 1013904223;
    byte = static_cast<char>(seed >> 24U);
  }
  return bytes;
}

class Conformance {
 public:
  using Overwrite = std::function<void(const Digest& object, const std::string& bytes)>;

  Conformance(const std::function<std::unique_ptr<Store>()>& open, const std::string& folder,
              std::size_t part, Overwrite overwrite)
      : open_(open),
        folder_(folder),
        part_(part),
        overwrite_(std::move(overwrite)),
        store_(open()) {}

  void run() {
    identity();
    for (const std::size_t size :
         {std::size_t{0}, std::size_t{1}, part_ / 2, part_ + 1, part_ * 2, part_ * 5 / 2 + 7}) {
      CAPTURE(size);
      there_and_back(noise(size, static_cast<std::uint32_t>(size + 1)));
    }
    from_a_stream();
    for (const std::size_t size : {part_ / 2, part_ * 2}) {
      CAPTURE(size);
      damage(noise(size, 7));
    }
    listing();
    absent();
    removal();
    nothing_left_behind();
  }

 private:
  std::string write(const std::string& bytes) {
    const std::string path = folder_ + "/file-" + std::to_string(++files_);
    std::ofstream(path, std::ios::binary) << bytes;
    return path;
  }

  Stored put(const std::string& bytes, bool replace = false) {
    const std::string path = write(bytes);
    ObjectSource source = ObjectSource::open(path);
    TransferOptions options;
    options.replace = replace;
    return store_->put(source, "upload-" + std::to_string(files_), options);
  }

  std::string fetched(const Digest& digest, std::size_t size) {
    const std::string path = write("");
    {
      const Fd file = open_file(path, O_RDWR, 0600);
      store_->fetch(digest, static_cast<std::int64_t>(size), file.get(), path);
    }
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  void identity() {
    CHECK(store_->id().size() == 32);
    CHECK(store_->owner() == "owner-1");
    const auto again = open_();
    CHECK(again->id() == store_->id());
    CHECK(again->url() == store_->url());
  }

  void there_and_back(const std::string& bytes) {
    const Digest digest = Digest::of(bytes);
    const auto size = static_cast<std::int64_t>(bytes.size());
    CHECK(!store_->has(digest, size));
    CHECK(!store_->look(digest));
    const Stored first = put(bytes);
    CHECK(first.digest == digest);
    CHECK(first.size == size);
    CHECK(first.created);
    const Stored again = put(bytes);
    CHECK(again.digest == digest);
    CHECK(!again.created);
    CHECK(store_->has(digest, size));
    CHECK(!store_->has(digest, size + 1));
    REQUIRE(store_->look(digest));
    CHECK(store_->look(digest)->size == size);
    CHECK(store_->look(digest)->stored_at > 0);
    CHECK((fetched(digest, bytes.size()) == bytes));
    CHECK_NOTHROW(store_->check(digest, size));
    kept_.push_back(digest);
  }

  void from_a_stream() {
    const std::string bytes = noise(70'000, 99);
    const Fd file = open_file(write(bytes), O_RDONLY, 0);
    ObjectSource source = ObjectSource::stream(file.get(), "a stream");
    const Stored stored = store_->put(source, "upload-of-a-stream");
    CHECK(stored.digest == Digest::of(bytes));
    CHECK((fetched(stored.digest, bytes.size()) == bytes));
    kept_.push_back(stored.digest);
  }

  /// Bytes of the right size that another program put there are found, and mended by the right
  /// ones.
  void damage(const std::string& bytes) {
    const Digest digest = Digest::of(bytes);
    const auto size = static_cast<std::int64_t>(bytes.size());
    put(bytes);
    for (const bool replace : {false, true}) {
      CAPTURE(replace);
      overwrite_(digest, noise(bytes.size(), 8));
      CHECK_THROWS_AS(store_->check(digest, size), Error);
      const Stored again = put(bytes, replace);
      CHECK(again.created);
      CHECK(again.warning.find(digest.str()) != std::string::npos);
      CHECK_NOTHROW(store_->check(digest, size));
      CHECK((fetched(digest, bytes.size()) == bytes));
    }
    CHECK(!put(bytes).created);
    CHECK(put(bytes, true).created);
    kept_.push_back(digest);
  }

  void listing() {
    std::vector<Digest> found;
    store_->list([&](const Digest& digest) { found.push_back(digest); });
    std::sort(found.begin(), found.end());
    std::sort(kept_.begin(), kept_.end());
    CHECK(found == kept_);
  }

  void absent() {
    const Digest digest = Digest::of("never stored");
    for (const auto& ask : {+[](const Store&store, const Digest&which) { store.check(which, 12); },
                            +[](const Store&store, const Digest&which) {
                              const Fd file = open_file("/tmp", O_TMPFILE | O_RDWR, 0600);
                              store.fetch(which, 12, file.get(), "a file");
                            }}) {
      try {
        ask(*store_, digest);
        FAIL("what is not there was read");
      } catch (const Error& error) {
        CHECK(error.code() == Code::integrity);
      }
    }
  }

  void removal() {
    const Digest gone = kept_.front();
    store_->remove(gone);
    CHECK(!store_->look(gone));
    CHECK_NOTHROW(store_->remove(gone));
    kept_.erase(kept_.begin());
    listing();
  }

  void nothing_left_behind() { CHECK(store_->staged().empty()); }

  std::function<std::unique_ptr<Store>()> open_;
  std::string folder_;
  std::size_t part_;
  Overwrite overwrite_;
  std::unique_ptr<Store> store_;
  int files_ = 0;
  std::vector<Digest> kept_;
};

}  // namespace

void check_conformance(
    const std::function<std::unique_ptr<Store>()>& open, const std::string& folder,
    std::size_t part,
    const std::function<void(const Digest& object, const std::string& bytes)>& overwrite) {
  Conformance(open, folder, part, overwrite).run();
}

}  // namespace algoctl::test
