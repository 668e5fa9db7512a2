#include "store/remote/external_object.h"

#include "algoctl/error.h"
#include "store/remote/answers.h"
#include "store/remote/kinds.h"
#include "store/remote/object_url.h"
#include "store/remote/receive.h"

namespace algoctl {
namespace {

constexpr const char* kMendSource =
    "bring those bytes back, or upload a copy of them from anywhere: the same bytes mend it";

/// A bucket that is gone is an error, never an object that is not there.
bool is_missing(const http::Response& response) {
  return response.status == 410 || (response.status == 404 && !says_no_bucket(response));
}

Error changed(const std::string& url) {
  return {Code::storage, url + " changed while it was read", "run it again"};
}

/// Receives all of an object, as often as it takes.
class Reading final : public Question {
 public:
  Reading(const Conversation& talk, const std::string& key, HashingReceiver& to)
      : Question(talk,
                 [this, &talk, key] {
                   const auto rest = to_.rest();
                   begun_at_ = rest ? rest->offset : 0;
                   Bucket& bucket = talk.bucket();
                   return rest ? bucket.get(key, rest->offset, rest->size) : bucket.get(key);
                 },
                 {}),
        to_(to) {}

  http::Receiver* receiver() override { return &to_; }

  void answered(const http::Response& response) override {
    if (is_missing(response)) throw Missing();
    to_.require_accepted();
    // It ends before the place where the try before was cut off.
    if (response.status == 416) throw changed(to_.name());
    require_ok(response);
  }

  void failed(const http::Failure& failure, const http::Response* response) override {
    to_.require_accepted();
    if (response != nullptr && response->ok()) {
      throw unusable(to_.name() + ": the server sends less than it says");
    }
    Question::failed(failure, response);
  }

  [[nodiscard]] bool is_transient(const http::Response& response) const override {
    return response.ok() && to_.is_short();
  }
  [[nodiscard]] bool has_advanced() const override {
    return to_.rest() && to_.received() - begun_at_ >= kAdvance;
  }

 private:
  HashingReceiver& to_;
  std::int64_t begun_at_ = 0;  ///< where this try began
};

Error gone(const std::string& url, const Digest& digest) {
  return {Code::integrity, url + " is not there any more: it held " + digest.str(), kMendSource};
}

void require_recorded(const std::string& url, const Digest& recorded,
                      const std::optional<Transferred>& now) {
  if (!now) throw gone(url, recorded);
  if (now->digest == recorded) return;
  throw Error(Code::integrity,
              url + " holds other bytes than were recorded\n  recorded: " + recorded.str() +
                  "\n  now:      " + now->digest.str(),
              kMendSource);
}

}  // namespace

ExternalObject::ExternalObject(const std::string& url, const StoreSettings& settings) {
  ObjectUrl parsed = ObjectUrl::parse(url);
  StoreSettings of_object = settings;
  of_object.url_of = "object";
  talk_ = open_conversation(parsed.folder, of_object);
  key_ = std::move(parsed.key);
  talk_->call_it(this->url());
}

ExternalObject::ExternalObject(std::unique_ptr<Conversation> talk, std::string key,
                               std::int64_t longest_unsaid)
    : talk_(std::move(talk)), key_(std::move(key)), longest_unsaid_(longest_unsaid) {
  talk_->call_it(url());
}

std::string ExternalObject::url() const { return ObjectUrl{talk_->bucket().url(), key_}.str(); }

std::optional<Transferred> ExternalObject::read_if_there(int to, const std::string& to_path,
                                                         const TransferOptions& options) const try {
  HashingReceiver receiver(url(), to, to_path, longest_unsaid_);
  const auto loop = talk_->turn();
  loop->add(std::make_unique<Reading>(*talk_, key_, receiver));
  if (options.progress) {
    loop->on_tick([&] { options.progress(receiver.received()); });
  }
  loop->run(options.stop);
  return receiver.finish();
} catch (const Missing&) {
  return std::nullopt;
}

Transferred ExternalObject::read(const TransferOptions& options) const {
  return copy(-1, "", options);
}

Transferred ExternalObject::copy(int to, const std::string& to_path,
                                 const TransferOptions& options) const {
  if (auto bytes = read_if_there(to, to_path, options)) return *bytes;
  throw Error(Code::not_found, "there is no object " + url(), "look at the URL and its endpoint");
}

void ExternalObject::fetch(const Digest& digest, std::int64_t size, int to,
                           const std::string& to_path, const TransferOptions& options) const {
  PartJournal none;
  PartJournal& journal = options.journal != nullptr ? *options.journal : none;
  bool there = true;
  try {
    there = receive(*talk_, {key_, url(), digest, size, to, to_path}, journal, options);
    if (there) return;
  } catch (const Error& error) {
    if (error.code() != Code::integrity) throw;
  }
  if (!there) throw gone(url(), digest);
  check(digest, options);
  throw changed(url());
}

void ExternalObject::check(const Digest& digest, const TransferOptions& options) const {
  require_recorded(url(), digest, read_if_there(-1, "", options));
}

}  // namespace algoctl
