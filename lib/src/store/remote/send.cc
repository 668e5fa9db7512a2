#include "store/remote/send.h"

#include <algorithm>
#include <utility>

#include "base/clock.h"
#include "base/text.h"
#include "store/remote/width.h"

namespace algoctl {
namespace {

http::Body body_of(const Sending& file, const Span& span) {
  return {{}, file.fd, span.offset, span.size};
}

/// Widens the loop as it runs, and tells whoever watches how far it is, of `size` bytes of which
/// `before` were there.
void watch(http::Loop& loop, const TransferOptions& options, std::int64_t before,
           std::int64_t size) {
  loop.on_tick([&loop, &options, size, start = loop.moved_bytes() - before,
                widening = Widening()]() mutable {
    loop.set_width(widening.parts(uptime_ms(), loop.moved_bytes()));
    if (options.progress) options.progress(std::min(size, loop.moved_bytes() - start));
  });
}

/// One transfer in parts.
class PartsOnTheirWay {
 public:
  PartsOnTheirWay(const Conversation& talk, const Sending& file, PartHashes& hashes,
                  PartJournal& journal, const TransferOptions& options)
      : talk_(talk),
        bucket_(talk.bucket()),
        file_(file),
        hashes_(hashes),
        journal_(journal),
        options_(options) {}

  void run() {
    try {
      find_what_is_there();
      if (journal_.id().empty()) begin();
      send_missing();
      file_.recheck();
    } catch (const Error&) {
      forget_what_changed();
      throw;
    }
    complete();
    journal_.remove();
  }

 private:
  /// Keeps of the journal what the server has too, with the same tag; nothing when the server no
  /// longer knows of the transfer.
  void find_what_is_there() {
    if (journal_.id().empty()) return;
    std::string next;
    // Each page that is not the last holds a part at least: a list that is longer never ends.
    for (std::size_t pages = 0; pages <= hashes_.spans().size(); ++pages) {
      http::Request asked;
      const http::Response answer =
          talk_.ask([&] { return asked = bucket_.list_parts(file_.key, journal_.id(), next); },
                    options_.stop);
      if (answer.status == 404) return journal_.begin("");
      if (!answer.ok()) throw bucket_.explain(asked, answer);
      PartPage page = bucket_.read_parts(answer);
      for (const Part& part : page.parts) keep(part);
      next = std::move(page.next);
      if (next.empty()) return;
    }
  }

  void keep(const Part& part) {
    const auto known = journal_.moved().find(part.number);
    if (known == journal_.moved().end() || known->second.tag != part.tag) return;
    const auto index = static_cast<std::size_t>(part.number - 1);
    const auto& spans = hashes_.spans();
    const bool fits = part.number >= 1 && index < spans.size() && spans[index].size == part.size &&
                      known->second.size == part.size && known->second.hash == hashes_.of(index);
    if (!fits) return;
    if (there_.emplace(part.number, part).second) there_bytes_ += part.size;
  }

  void begin() {
    if (!bucket_.limits().tracks_uploads) return journal_.begin("up");
    const http::Response answer =
        talk_.ask_ok([&] { return bucket_.begin_parts(file_.key, file_.sha256); }, options_.stop);
    journal_.begin(bucket_.read_upload_id(answer));
  }

  /// Parts of a file that changed may bear hashes that are not theirs: none is gone on with.
  void forget_what_changed() noexcept {
    try {
      file_.recheck();
    } catch (const std::exception&) {
      journal_.remove();
    }
  }

  void send_missing();
  void complete();

  friend class PartJob;
  const Conversation& talk_;
  Bucket& bucket_;
  const Sending& file_;
  PartHashes& hashes_;
  PartJournal& journal_;
  const TransferOptions& options_;
  std::map<int, Part> there_;
  std::int64_t there_bytes_ = 0;
};

/// Sends one part, and notes that it is there.
class PartJob final : public Question {
 public:
  PartJob(PartsOnTheirWay& whole, int number)
      : Question(whole.talk_, [&whole, number] { return request_of(whole, number); }, {}),
        whole_(whole),
        number_(number) {}

  void answered(const http::Response& response) override {
    require_ok(response);
    const auto index = static_cast<std::size_t>(number_ - 1);
    Part part{number_, whole_.hashes_.spans()[index].size,
              whole_.bucket_.read_part_tag(number_, whole_.hashes_.of(index), response)};
    whole_.journal_.add(number_, {part.size, whole_.hashes_.of(index), part.tag});
    whole_.there_.emplace(number_, std::move(part));
  }

 private:
  static http::Request request_of(PartsOnTheirWay& whole, int number) {
    const auto index = static_cast<std::size_t>(number - 1);
    return whole.bucket_.put_part(whole.file_.key, whole.journal_.id(), number,
                                  body_of(whole.file_, whole.hashes_.spans()[index]),
                                  whole.hashes_.of(index));
  }

  PartsOnTheirWay& whole_;
  int number_;
};

void PartsOnTheirWay::send_missing() {
  const auto loop = talk_.turn();
  watch(*loop, options_, there_bytes_, file_.size);
  for (int number = 1; number <= static_cast<int>(hashes_.spans().size()); ++number) {
    if (there_.count(number) == 0) loop->add(std::make_unique<PartJob>(*this, number));
  }
  loop->run(options_.stop);
}

/// Makes one object of the parts.
class CompleteJob final : public Question {
 public:
  using Question::Question;
  [[nodiscard]] bool is_transient(const http::Response& response) const override {
    if (!response.ok()) return false;
    const auto refusal = talk().bucket().read_complete(response);
    return refusal && refusal->transient;
  }
};

void PartsOnTheirWay::complete() {
  std::vector<Part> parts;
  for (const auto& [number, part] : there_) parts.push_back(part);
  http::Request asked;
  http::Response answer;
  const auto loop = talk_.turn();
  loop->add(std::make_unique<CompleteJob>(
      talk_,
      [&] { return asked = bucket_.complete(file_.key, journal_.id(), parts, file_.sha256); },
      [&](const http::Response& response) { answer = response; }));
  loop->run(options_.stop);
  // An answer that was lost: the transfer is over, and the object must be there.
  if (answer.status == 404) {
    const http::Response head = talk_.ask([&] { return bucket_.head(file_.key); }, options_.stop);
    const bool ours = bucket_.read_sha256(head) == file_.sha256;
    if (head.ok() && ours && head.header("content-length") == std::to_string(file_.size)) return;
  }
  const auto refusal = answer.ok() ? bucket_.read_complete(answer) : std::nullopt;
  if (answer.ok() && !refusal) return;
  // What the journal says is not what the server has: from the start, the next time.
  journal_.remove();
  const char* const hint = "run it again: all parts are sent anew";
  if (!refusal) {
    Error error = bucket_.explain(asked, answer);
    throw error.hint().empty() ? Error(error.code(), error.message(), hint) : error;
  }
  throw Error(Code::storage,
              bucket_.url() + ": the parts were refused: " + printable(refusal->code) + ": " +
                  printable(refusal->message),
              hint);
}

}  // namespace

Sent send_whole(const Conversation& talk, const Sending& file, Replace replace,
                const TransferOptions& options) {
  Bucket& bucket = talk.bucket();
  http::Request asked;
  std::optional<http::Response> answer;
  const auto loop = talk.turn();
  watch(*loop, options, 0, file.size);
  loop->add(std::make_unique<Question>(
      talk,
      [&] {
        return asked = bucket.put(file.key, body_of(file, {0, file.size}), file.sha256,
                                  replace == Replace::no);
      },
      [&](const http::Response& response) { answer = response; }));
  loop->run(options.stop);
  if (replace == Replace::no) {
    if (answer->status == 409 || answer->status == 412) return Sent::is_there;
    if (bucket.may_not_know_conditions(*answer)) return Sent::unknown_condition;
  }
  if (!answer->ok()) throw bucket.explain(asked, *answer);
  file.recheck();
  return Sent::sent;
}

void send_in_parts(const Conversation& talk, const Sending& file, PartHashes& hashes,
                   PartJournal& journal, const TransferOptions& options) {
  PartsOnTheirWay(talk, file, hashes, journal, options).run();
}

}  // namespace algoctl
