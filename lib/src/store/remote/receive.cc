#include "store/remote/receive.h"

#include <memory>
#include <optional>
#include <vector>

#include "base/checksum.h"
#include "base/clock.h"
#include "base/text.h"
#include "store/remote/answers.h"
#include "store/remote/part_receiver.h"
#include "store/remote/prefix_hasher.h"
#include "store/remote/read_span.h"
#include "store/remote/width.h"
#include "store/sync_behind.h"
#include "store/verify.h"

namespace algoctl {
namespace {

std::string checksum_of(int fd, const Span& span, const std::string& name,
                        const std::atomic<bool>* stop) {
  Checksum checksum;
  read_span(fd, span, name, stop, [&](std::string_view bytes) { checksum.update(bytes); });
  return checksum.hex();
}

/// The server sends all of an object when a part is asked for.
struct RangesIgnored {};

/// Receives one object.
class Reception {
 public:
  Reception(const Conversation& talk, const Receiving& object, PartJournal& journal,
            const TransferOptions& options)
      : talk_(talk),
        object_(object),
        journal_(journal),
        options_(options),
        disk_(object.to, object.to_path) {}

  void in_one_piece();
  void in_parts();

 private:
  class PartJob;

  /// Parts that an earlier try moved, and that are still what they were.
  void take_over(const std::vector<Span>& spans);
  void part_done(std::size_t index, PartReceiver& receiver);
  void reach();
  void arrived(std::int64_t bytes) {
    arrived_ += bytes;
    disk_.written(bytes);
  }
  void run(http::Loop& loop);

  const Conversation& talk_;
  const Receiving& object_;
  PartJournal& journal_;
  const TransferOptions& options_;
  std::vector<Span> spans_;
  std::vector<bool> done_;
  std::size_t next_ = 0;  ///< the first part that is not hashed
  std::unique_ptr<PrefixHasher> hasher_;
  std::int64_t arrived_ = 0;
  SyncBehind disk_;
};

/// Receives one part, as often as it takes.
class Reception::PartJob final : public Question {
 public:
  PartJob(Reception& whole, const Span& span, std::function<void(PartReceiver&)> done)
      : PartJob(whole,
                std::make_shared<PartReceiver>(whole.object_, span,
                                               [&whole](std::int64_t n) { whole.arrived(n); }),
                std::move(done)) {}

  http::Receiver* receiver() override { return receiver_.get(); }

  void answered(const http::Response& response) override {
    if (response.status == 404 && !says_no_bucket(response)) throw Missing();
    receiver_->require_accepted();
    // The object ends before the part begins.
    if (response.status == 416) {
      const std::int64_t said = size_in_range(response);
      const std::int64_t most = said < 0 ? receiver_->rest().offset : said;
      require_object(whole_.object_.name, whole_.object_.size, most);
    }
    require_ok(response);
    done_(*receiver_);
  }

  void failed(const http::Failure& failure, const http::Response* response) override {
    receiver_->require_accepted();
    if (receiver_->ranges_ignored()) throw RangesIgnored();
    if (response != nullptr && response->ok()) {
      throw unusable(whole_.object_.name + ": the server sends less than it was asked for");
    }
    Question::failed(failure, response);
  }

  [[nodiscard]] bool is_transient(const http::Response& response) const override {
    return response.ok() && receiver_->is_short();
  }
  [[nodiscard]] bool has_advanced() const override {
    return receiver_->rest().offset - begun_at_ >= kAdvance;
  }

 private:
  PartJob(Reception& whole, std::shared_ptr<PartReceiver> receiver,
          std::function<void(PartReceiver&)> done)
      : Question(whole.talk_, [this, receiver] { return request_of(*receiver); }, {}),
        whole_(whole),
        receiver_(std::move(receiver)),
        done_(std::move(done)) {}

  http::Request request_of(PartReceiver& receiver) {
    if (receiver.done()) receiver.begin_again();
    const Span rest = receiver.rest();
    begun_at_ = rest.offset;
    Bucket& bucket = whole_.talk_.bucket();
    const bool all = rest.offset == 0 && rest.size == whole_.object_.size;
    return all ? bucket.get(whole_.object_.key)
               : bucket.get(whole_.object_.key, rest.offset, rest.size);
  }

  Reception& whole_;
  std::shared_ptr<PartReceiver> receiver_;
  std::function<void(PartReceiver&)> done_;
  std::int64_t begun_at_ = 0;  ///< where this try began
};

void Reception::run(http::Loop& loop) {
  loop.on_tick([&, widening = Widening()]() mutable {
    loop.set_width(widening.parts(uptime_ms(), loop.moved_bytes()));
    if (options_.progress) options_.progress(arrived_);
  });
  try {
    loop.run(options_.stop);
    disk_.finish();
  } catch (...) {
    if (disk_.has_failed()) journal_.remove();
    throw;
  }
}

void Reception::in_one_piece() {
  const auto loop = talk_.turn();
  arrived_ = 0;
  std::optional<Digest> found;
  loop->add(std::make_unique<PartJob>(*this, Span{0, object_.size},
                                      [&](PartReceiver& receiver) { found = receiver.digest(); }));
  run(*loop);
  require_object(object_.name, object_.digest, found.value());
}

void Reception::take_over(const std::vector<Span>& spans) {
  spans_ = spans;
  done_.assign(spans.size(), false);
  if (journal_.id().empty()) return journal_.begin("down");
  for (const auto& [number, part] : journal_.moved()) {
    const auto index = static_cast<std::size_t>(number - 1);
    if (number < 1 || index >= spans.size() || part.size != spans[index].size) continue;
    try {
      done_[index] =
          checksum_of(object_.to, spans[index], object_.to_path, options_.stop) == part.hash;
    } catch (const Error& error) {
      if (error.code() == Code::interrupted) throw;
    }
    if (done_[index]) arrived_ += part.size;
  }
}

void Reception::part_done(std::size_t index, PartReceiver& receiver) {
  done_[index] = true;
  journal_.add(static_cast<int>(index + 1), {spans_[index].size, receiver.checksum(), ""});
  reach();
}

void Reception::reach() {
  while (next_ < done_.size() && done_[next_]) ++next_;
  if (next_ > 0) hasher_->reach(spans_[next_ - 1].offset + spans_[next_ - 1].size);
}

void Reception::in_parts() {
  take_over(spans_of(object_.size, talk_.bucket().limits().usual_part));
  hasher_ = std::make_unique<PrefixHasher>(object_.to, object_.to_path);
  reach();
  {
    const auto loop = talk_.turn();
    for (std::size_t i = 0; i < spans_.size(); ++i) {
      if (done_[i]) continue;
      loop->add(std::make_unique<PartJob>(
          *this, spans_[i], [this, i](PartReceiver& receiver) { part_done(i, receiver); }));
    }
    run(*loop);
  }
  const Digest found = hasher_->finish();
  // Each part was what the server sent: another try begins from nothing.
  journal_.remove();
  require_object(object_.name, object_.digest, found);
}

}  // namespace

bool receive(const Conversation& talk, const Receiving& object, PartJournal& journal,
             const TransferOptions& options) try {
  Reception reception(talk, object, journal, options);
  if (object.size <= talk.bucket().limits().usual_part) {
    reception.in_one_piece();
    return true;
  }
  try {
    reception.in_parts();
  } catch (const RangesIgnored&) {
    journal.remove();
    Reception(talk, object, journal, options).in_one_piece();
  }
  return true;
} catch (const Missing&) {
  return false;
}

}  // namespace algoctl
