#include "store/remote/remote_store.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>

#include "algoctl/error.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"
#include "store/remote/answers.h"
#include "store/remote/receive.h"
#include "store/verify.h"

namespace algoctl {
namespace {

constexpr const char* kMarker = "store.json";
constexpr int kSideBySide = 32;  // what a store moves in one piece, or asks for

std::optional<Marker> read_marker_of(const Conversation& talk) {
  Bucket& bucket = talk.bucket();
  http::Request asked;
  const http::Response answer = talk.ask([&] { return asked = bucket.get(kMarker); });
  if (answer.status == 404 && !says_no_bucket(answer)) return std::nullopt;
  if (!answer.ok()) throw bucket.explain(asked, answer);
  const std::string url = bucket.url();
  return parse_marker(answer.body, url + ": " + kMarker, url);
}

[[noreturn]] void throw_no_remote_store(const Bucket& bucket) {
  throw Error(Code::storage, "there is no store at " + bucket.url() + ": it has no " + kMarker,
              bucket.limits().writable
                  ? "look at the URL; `algoctl init --store URL` makes one"
                  : "look at the URL: it must lead to the folder of a store, where " +
                        std::string(kMarker) + " is");
}

std::string missing_text(const Digest& digest, const std::string& url) {
  return "object " + digest.str() + " is not in the store " + url;
}

constexpr const char* kMendObject =
    "upload the file again, or bring it back from a copy: the same bytes mend it";

/// Asks what lies there of an object.
class Look final : public Question {
 public:
  using Found = std::function<void(const std::optional<RemoteStore::There>&)>;

  Look(const Conversation& talk, const Digest& digest, Found found)
      : Question(talk, [&talk, digest] { return talk.bucket().head(object_key(digest)); }, {}),
        digest_(digest),
        found_(std::move(found)) {}

  void answered(const http::Response& response) override {
    if (response.status == 404) return found_(std::nullopt);
    if (!response.ok()) throw talk().explain_head(object_key(digest_), asked(), response);
    const Store::Entry entry = {
        number_in(response.header("content-length").value_or("")),
        parse_http_time(response.header("last-modified").value_or("")).value_or(0)};
    found_(RemoteStore::There{entry, talk().bucket().read_sha256(response)});
  }

 private:
  Digest digest_;
  Found found_;
};

}  // namespace

std::string object_key(const Digest& digest) {
  const std::string hex = digest.hex();
  return "objects/sha256/" + hex.substr(0, 2) + "/" + hex;
}

std::unique_ptr<RemoteStore> RemoteStore::find(std::unique_ptr<Conversation> talk, Local local) {
  auto marker = read_marker_of(*talk);
  if (!marker) return nullptr;
  return std::unique_ptr<RemoteStore>(
      new RemoteStore(std::move(talk), std::move(*marker), std::move(local)));
}

std::unique_ptr<RemoteStore> RemoteStore::open(std::unique_ptr<Conversation> talk, Local local) {
  auto marker = read_marker_of(*talk);
  if (!marker) throw_no_remote_store(talk->bucket());
  return std::unique_ptr<RemoteStore>(
      new RemoteStore(std::move(talk), std::move(*marker), std::move(local)));
}

std::unique_ptr<RemoteStore> RemoteStore::create(std::unique_ptr<Conversation> talk,
                                                 const std::string& owner, Local local) {
  Bucket& bucket = talk->bucket();
  if (bucket.limits().writable && !read_marker_of(*talk)) {
    const std::string text = marker_text(new_marker(owner));
    const std::string sha256 = Digest::of(text).hex();
    const auto put = [&](bool only_new) {
      http::Request asked;
      const http::Response answer = talk->ask([&] {
        return asked = bucket.put(kMarker, {text, -1, 0, 0}, sha256, only_new);
      });
      const bool lost = answer.status == 409 || answer.status == 412;
      const bool unknown = only_new && bucket.may_not_know_conditions(answer);
      if (!answer.ok() && !lost && !unknown) throw bucket.explain(asked, answer);
      return !unknown;
    };
    if (!put(true)) put(false);
  }
  // Whoever won: what is there now is the marker.
  return open(std::move(talk), std::move(local));
}

/// A bucket that went away is an error, never an object that is not there.
void RemoteStore::require_marker() const {
  if (!read_marker_of(*talk_)) throw_no_remote_store(talk_->bucket());
}

void RemoteStore::require_writable() const {
  if (is_writable()) return;
  throw Error(Code::storage, "store " + url() + " can only be read",
              "name a store that takes bytes with --store");
}

std::optional<RemoteStore::There> RemoteStore::ask_about(const Digest& digest) const {
  std::optional<There> found;
  const auto loop = talk_->turn();
  loop->add(std::make_unique<Look>(*talk_, digest, [&](const auto& there) { found = there; }));
  loop->run();
  return found;
}

std::optional<Store::Entry> RemoteStore::look(const Digest& digest) const {
  const auto found = ask_about(digest);
  if (!found) require_marker();
  return found ? std::optional(found->entry) : std::nullopt;
}

bool RemoteStore::has(const Digest& digest, std::int64_t size) const {
  const auto entry = look(digest);
  return entry && entry->size == size;
}

std::vector<std::size_t> RemoteStore::missing(const std::vector<Wanted>& objects) const {
  std::vector<std::size_t> missing;
  if (objects.empty()) return missing;
  bool any_absent = false;
  {
    const auto loop = talk_->turn();
    loop->set_width(kSideBySide);
    for (std::size_t i = 0; i < objects.size(); ++i) {
      const auto found = [&, i](const std::optional<There>& there) {
        any_absent = any_absent || !there;
        if (!there || there->entry.size != objects[i].size) missing.push_back(i);
      };
      loop->add(std::make_unique<Look>(*talk_, objects[i].digest, found));
    }
    loop->run();
  }
  if (any_absent) require_marker();
  std::sort(missing.begin(), missing.end());
  return missing;
}

int RemoteStore::width(std::int64_t size) const noexcept {
  return size <= usual_part() ? kSideBySide : 1;
}

void RemoteStore::fetch(const Digest& digest, std::int64_t size, int to, const std::string& to_path,
                        const TransferOptions& options) const {
  const Receiving object{object_key(digest), "object " + digest.str(), digest, size, to, to_path};
  PartJournal none;
  PartJournal& journal = options.journal != nullptr ? *options.journal : none;
  try {
    if (receive(*talk_, object, journal, options)) return damaged_.remove(digest);
  } catch (const Error& error) {
    if (error.code() == Code::integrity) damaged_.add(digest);
    throw;
  }
  require_marker();
  throw Error(Code::integrity, missing_text(digest, url()), kMendObject);
}

void RemoteStore::check(const Digest& digest, std::int64_t size,
                        const TransferOptions& options) const {
  make_folders(local_.scratch);
  const Fd copy = open_file(local_.scratch, O_TMPFILE | O_RDWR, 0600);
  fetch(digest, size, copy.get(), local_.scratch, options);
}

void RemoteStore::remove(const Digest& digest) {
  require_writable();
  Bucket& bucket = talk_->bucket();
  http::Request asked;
  const http::Response answer =
      talk_->ask([&] { return asked = bucket.remove(object_key(digest)); });
  if (answer.status == 404) return require_marker();
  if (!answer.ok()) throw bucket.explain(asked, answer);
}

http::Link RemoteStore::link(const Digest& digest, std::chrono::seconds lifetime) const {
  return talk_->bucket().link(object_key(digest), lifetime);
}

}  // namespace algoctl
