#include "base/text.h"
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

}  // namespace

void RemoteStore::list(const std::function<void(const Digest&)>& visit) const {
  Bucket& bucket = talk_->bucket();
  if (!bucket.limits().listable) {
    throw Error(Code::storage, "store " + url() + " cannot list what it holds");
  }
  std::string next;
  bool any = false;
  do {
    const http::Response answer =
        talk_->ask_ok([&] { return bucket.list(std::string(kObjects), next); });
    BucketPage page = bucket.read_list(answer);
    for (const BucketEntry& entry : page.entries) {
      any = true;
      if (const auto digest = digest_of_key(entry.key)) visit(*digest);
    }
    if (page.next == next && !next.empty()) {
      throw Error(Code::storage, url() + ": the list of keys does not move on",
                  "look at what answers there: is it an object store?");
    }
    next = std::move(page.next);
  } while (!next.empty());
  if (!any) require_marker();
}

/// `<hex of the object>+<the server's upload id>`: so that `discard` needs nothing else.
std::vector<Store::Staged> RemoteStore::staged() const {
  std::vector<Staged> result;
  Bucket& bucket = talk_->bucket();
  if (!bucket.limits().writable || !bucket.limits().tracks_uploads) return result;
  std::string next;
  do {
    const http::Response answer =
        talk_->ask_ok([&] { return bucket.list_uploads(std::string(kObjects), next); });
    PartedUploadPage page = bucket.read_uploads(answer);
    for (const PartedUpload& upload : page.uploads) {
      const auto digest = digest_of_key(upload.key);
      if (digest) result.push_back({digest->hex() + "+" + upload.id, 0, upload.begun_at, false});
    }
    next = page.next == next ? "" : std::move(page.next);
  } while (!next.empty());
  return result;
}

void RemoteStore::discard(const std::string& upload_id) {
  const std::size_t plus = upload_id.find('+');
  if (plus == std::string::npos) return;  // of a process: what it sent serves the next try
  const std::string key = object_key(Digest::parse(upload_id.substr(0, plus)));
  Bucket& bucket = talk_->bucket();
  http::Request asked;
  const http::Response answer =
      talk_->ask([&] { return asked = bucket.abort(key, upload_id.substr(plus + 1)); });
  if (!answer.ok() && answer.status != 404) throw bucket.explain(asked, answer);
}

}  // namespace algoctl
