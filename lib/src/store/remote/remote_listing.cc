#include "base/text.h"
#include "store/remote/probe.h"
#include "store/remote/remote_store.h"

// What a collector needs of a store in a bucket: what is there, and what never became an object.

namespace algoctl {
namespace {

constexpr std::string_view kObjects = "objects/sha256/";

/// The digest that a key names, or nullopt for what no store has put there.
std::optional<Digest> digest_of_key(const std::string& key) {
  const auto digest = digest_of_hex(std::string_view(key).substr(key.rfind('/') + 1));
  return digest && object_key(*digest) == key ? digest : std::nullopt;
}

/// A list that is read page by page. Keys come in ascending order, in whatever pages; so one that
/// names no later key for many pages will never end.
class Pages {
 public:
  Pages(const std::string& url, const char* what) : url_(url), what_(what) {}

  /// What the next page is asked for with; empty at first.
  [[nodiscard]] const std::string& next() const noexcept { return next_; }

  /// Notes a key of the page.
  void saw(const std::string& key) {
    if (key <= last_) return;
    last_ = key;
    idle_ = 0;
  }

  /// True when there is another page. Throws Error{storage} when the list does not move on.
  bool turn(std::string next) {
    if (!next.empty() && (next == next_ || ++idle_ > kIdlePages)) {
      throw Error(Code::storage, url_ + ": the list of " + what_ + " does not move on",
                  "look at what answers there: is it an object store?");
    }
    next_ = std::move(next);
    return !next_.empty();
  }

 private:
  // Azure may send empty ones, to have time for more.
  static constexpr int kIdlePages = 100;

  std::string url_;
  const char* what_;
  std::string next_;
  std::string last_;
  int idle_ = 0;  // pages since the last key that was later than all before
};

void visit_keys(const Conversation& talk, const std::string& prefix,
                const std::function<void(const BucketEntry&)>& visit) {
  Bucket& bucket = talk.bucket();
  Pages pages(bucket.url(), "keys");
  BucketPage page;
  do {
    page = bucket.read_list(talk.ask_ok([&] { return bucket.list(prefix, pages.next()); }));
    for (const BucketEntry& entry : page.entries) {
      pages.saw(entry.key);
      visit(entry);
    }
  } while (pages.turn(std::move(page.next)));
}

void visit_uploads(const Conversation& talk, const std::string& prefix,
                   const std::function<void(const PartedUpload&)>& visit) {
  Bucket& bucket = talk.bucket();
  if (!bucket.limits().tracks_uploads) return;
  Pages pages(bucket.url(), "uploads in parts");
  PartedUploadPage page;
  do {
    page =
        bucket.read_uploads(talk.ask_ok([&] { return bucket.list_uploads(prefix, pages.next()); }));
    for (const PartedUpload& upload : page.uploads) {
      pages.saw(upload.key);
      visit(upload);
    }
  } while (pages.turn(std::move(page.next)));
}

}  // namespace

void RemoteStore::list(const std::function<void(const Digest&)>& visit) const {
  if (!talk_->bucket().limits().listable) {
    throw Error(Code::storage, "store " + url() + " cannot list what it holds");
  }
  bool any = false;
  visit_keys(*talk_, std::string(kObjects), [&](const BucketEntry& entry) {
    any = true;
    if (const auto digest = digest_of_key(entry.key)) visit(*digest);
  });
  if (!any) require_marker();
}

/// `<what>+<the server's upload id>`, so that `discard` needs nothing else: an object's digits, or
/// the key of a probe, which may lie there whole, too.
std::vector<Store::Staged> RemoteStore::staged() const {
  std::vector<Staged> result;
  const BucketLimits limits = talk_->bucket().limits();
  if (!limits.writable) return result;
  visit_uploads(*talk_, std::string(kObjects), [&](const PartedUpload& upload) {
    const auto digest = digest_of_key(upload.key);
    if (digest) result.push_back({digest->hex() + "+" + upload.id, 0, upload.begun_at, false});
  });
  visit_uploads(*talk_, kProbes, [&](const PartedUpload& upload) {
    if (!is_probe_key(upload.key)) return;
    result.push_back({upload.key + "+" + upload.id, 0, upload.begun_at, false});
  });
  if (!limits.listable) return result;
  visit_keys(*talk_, kProbes, [&](const BucketEntry& entry) {
    if (!is_probe_key(entry.key)) return;
    result.push_back({entry.key, entry.size, entry.changed_at, false});
  });
  return result;
}

void RemoteStore::discard(const std::string& upload_id) {
  const std::size_t plus = upload_id.find('+');
  const bool in_parts = plus != std::string::npos;
  const std::string what = upload_id.substr(0, plus);
  const bool is_probe = is_probe_key(what);
  if (!in_parts && !is_probe) return;  // of a process: what it sent serves the next try
  const std::string key = is_probe ? what : object_key(Digest::parse(what));
  Bucket& bucket = talk_->bucket();
  http::Request asked;
  const http::Response answer = talk_->ask([&] {
    return asked = in_parts ? bucket.abort(key, upload_id.substr(plus + 1)) : bucket.remove(key);
  });
  if (!answer.ok() && answer.status != 404) throw bucket.explain(asked, answer);
}

}  // namespace algoctl
