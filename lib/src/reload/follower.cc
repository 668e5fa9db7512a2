#include "reload/follower.h"

#include <algorithm>
#include <thread>
#include <utility>

namespace algoctl {
namespace {

/// Destroys a model that was never served, unless it is let go.
class Unserved {
 public:
  Unserved(void* object, const ReloadSubject& subject) : object_(object), subject_(subject) {}
  ~Unserved() {
    if (object_ != nullptr) subject_.destroy(object_);
  }
  Unserved(const Unserved&) = delete;
  Unserved& operator=(const Unserved&) = delete;
  [[nodiscard]] void* get() const noexcept { return object_; }
  void* release() noexcept { return std::exchange(object_, nullptr); }

 private:
  void* object_;
  const ReloadSubject& subject_;
};

}  // namespace

Follower::~Follower() { forget(); }

Step Follower::advance() {
  situation_.now = parts_.clock();
  situation_.asked = parts_.asked.load();
  check_staleness();
  Step step = next_step(situation_);
  const bool news = write_down(&step);
  if (step.kind == Step::Kind::load) {
    tell({ReloadEvent::Kind::loading, *step.version, {}});
    // The replicas of a host wake at the same time: all hear of it before the first one does more.
    std::this_thread::yield();
  }
  if (news) parts_.changed();
  switch (step.kind) {
    case Step::Kind::look: look(); break;
    case Step::Kind::load: load(*step.version); break;
    case Step::Kind::swap: swap(); break;
    case Step::Kind::forget: forget(); break;
    case Step::Kind::wait: return step;
  }
  report();
  return step;
}

/// What the body throws, as a failure; nullopt when it throws nothing.
std::optional<ReloadFailure> Follower::attempt(const std::string& what,
                                               const std::function<void()>& body) {
  const auto failed = [&](const std::string& message) {
    return ReloadFailure{Code::check_failed, what + ": " + message, "", parts_.now()};
  };
  try {
    body();
    return std::nullopt;
  } catch (const Error& error) {
    if (error.code() == Code::interrupted && parts_.stop) throw;
    return ReloadFailure{error.code(), what + ": " + error.message(), error.hint(), parts_.now()};
  } catch (const std::exception& error) {
    return failed(error.what());
  } catch (...) {
    return failed("something was thrown that is no std::exception");
  }
}

void Follower::look() {
  // Taken back before the look: whoever asks from now on wants another one.
  const bool asked = parts_.asked.exchange(false);
  situation_.heard = false;
  if (asked) {
    situation_.refused.reset();
    situation_.nacked.reset();
  }
  std::int64_t number = 0;
  parts_.account.change([&](Account::Entry& entry) {
    ++entry.status.counts.looks;
    number = ++entry.looks_begun;
  });
  files_failed_ = false;
  const auto failure = attempt("cannot follow " + parts_.reference, [&] {
    learn(parts_.feed.look());
    files_failed_ = true;
    check_served_files();
    files_failed_ = false;
  });
  if (failure) {
    ++look_failures_;
    situation_.next_look =
        situation_.now + backoff_ms(look_failures_, parts_.options.backoff.count(),
                                    parts_.options.longest_backoff.count(), parts_.chance());
    return fail(situation_.wanted, *failure);
  }
  look_failures_ = 0;
  situation_.next_look = situation_.now + poll_ms(parts_.options, parts_.chance());
  // In one change: whoever waits for a look must see what it found.
  parts_.account.change([&](Account::Entry& entry) {
    entry.looks_done = number;
    entry.status.wanted = situation_.wanted;
  });
}

void Follower::learn(const Outlook& outlook) {
  situation_.wanted = outlook.wanted;
  if (situation_.wanted == situation_.serving) confirm();
  situation_.announced.reset();
  if (outlook.announced) {
    // Another rollout asks again what this one may have refused.
    if (rollout_ != outlook.announced->rollout) situation_.nacked.reset();
    rollout_ = outlook.announced->rollout;
    situation_.announced = Announced{outlook.announced->version};
    if (const auto left = outlook.announced->switch_in) {
      situation_.announced->switch_at = situation_.now + *left;
    }
  }
  if (situation_.refused && situation_.refused->version != outlook.wanted) {
    situation_.refused.reset();
    load_failures_ = 0;
  }
  // What was only announced when it failed is tried again as soon as it is wanted.
  const bool announced = outlook.announced && situation_.nacked == outlook.announced->version;
  if (!announced || situation_.nacked == outlook.wanted) situation_.nacked.reset();
}

/// A file that changed under a model may be only touched: its bytes are read again.
void Follower::check_served_files() {
  if (served_ == nullptr || parts_.feed.unchanged(served_->files)) return;
  const Files files = parts_.feed.fetch(served_->version);
  if (files.version() == served_->version) served_->files = parts_.feed.hold(files);
}

void Follower::load(const ModelVersion& version) {
  const auto failure = attempt("cannot load " + version.str() + " of " + parts_.reference, [&] {
    parts_.make_room();
    const Files files = parts_.feed.fetch(version);
    // A label that moved again meanwhile.
    if (files.version() != version && situation_.wanted == version) {
      situation_.wanted = files.version();
    }
    if (parts_.options.overlap == Overlap::load_then_unload) {
      ready_ = load_files(files);
    } else {
      ready_ = std::make_unique<Loaded>(files.version());
      ready_->files = parts_.feed.hold(files);
    }
  });
  if (failure) {
    refuse(version, *failure);
    return serve_last_again(version);
  }
  situation_.ready = ready_->version;
  if (situation_.ready != situation_.wanted) {
    return tell({ReloadEvent::Kind::prepared, situation_.ready, {}});
  }
  // Files alone prove nothing: what cannot be loaded from them is tried later each time.
  if (ready_->object != nullptr) accept();
}

std::unique_ptr<Loaded> Follower::load_files(const Files& files) {
  const ReloadSubject& subject = parts_.subject;
  auto loaded = std::make_unique<Loaded>(files.version());
  loaded->files = parts_.feed.hold(files);
  parts_.account.change([](Account::Entry& entry) { ++entry.status.counts.loads; });
  Unserved model(subject.load(files), subject);
  if (model.get() == nullptr) throw Error(Code::check_failed, "the loader returned no model");
  if (subject.validate && !subject.validate(model.get())) {
    throw Error(Code::check_failed, "the model is not valid");
  }
  if (subject.warm_up) subject.warm_up(model.get());
  loaded->object = model.release();
  return loaded;
}

void Follower::swap() {
  if (parts_.options.overlap == Overlap::load_then_unload) return serve(std::move(ready_));
  const ModelVersion next = ready_->version;
  if (served_ != nullptr) {
    served_ = nullptr;
    situation_.serving.reset();
    auto* const old = static_cast<Loaded*>(parts_.current.exchange(nullptr));
    report();
    parts_.retire(std::unique_ptr<Loaded>(old), true);
  }
  const auto failure =
      attempt("cannot load " + next.str() + " of " + parts_.reference, [&] { serve_alone(next); });
  if (!failure) return accept();
  forget();
  refuse(next, *failure);
  serve_last_again(next);
}

/// Where nothing is served any more, what was served last is better than nothing. When that fails
/// too, both are tried again.
void Follower::serve_last_again(const ModelVersion& refused) {
  if (served_ != nullptr || !last_served_ || last_served_ == refused) return;
  const ModelVersion last = *last_served_;
  const auto failure = attempt("cannot load " + last.str() + " of " + parts_.reference + " again",
                               [&] { serve_alone(last); });
  if (failure) fail(last, *failure);
}

void Follower::serve_alone(const ModelVersion& version) {
  serve(load_files(parts_.feed.fetch(version)));
}

void Follower::serve(std::unique_ptr<Loaded> next) {
  const ModelVersion version = next->version;
  ready_.reset();
  situation_.ready.reset();
  served_ = next.release();
  auto* const old = static_cast<Loaded*>(parts_.current.exchange(served_));
  if (old != nullptr) parts_.retire(std::unique_ptr<Loaded>(old), false);
  situation_.serving = version;
  last_served_ = version;
  if (std::exchange(files_failed_, false)) {
    // It was about the files of the old one. That all is well now is for the next look to say.
    look_failures_ = 0;
    situation_.next_look = situation_.now;
  }
  if (situation_.wanted == version) confirm();
  parts_.account.change([](Account::Entry& entry) { ++entry.status.counts.switches; });
  report();
  tell({ReloadEvent::Kind::switched, version, {}});
}

void Follower::forget() {
  if (ready_ && ready_->object != nullptr) parts_.subject.destroy(ready_->object);
  ready_.reset();
  situation_.ready.reset();
}

void Follower::refuse(const ModelVersion& version, const ReloadFailure& failure) {
  if (version == situation_.wanted) {
    ++load_failures_;
    const auto backoff = backoff_ms(load_failures_, parts_.options.backoff.count(),
                                    parts_.options.longest_backoff.count(), parts_.chance());
    situation_.refused = Refused{version, parts_.clock() + backoff};
  } else {
    situation_.nacked = version;
  }
  fail(version, failure);
}

/// What was tried could be loaded.
void Follower::accept() {
  situation_.refused.reset();
  load_failures_ = 0;
}

void Follower::fail(const std::optional<ModelVersion>& version, const ReloadFailure& failure) {
  parts_.account.change([&](Account::Entry& entry) {
    ++entry.status.counts.failures;
    entry.status.last_error = failure;
  });
  report();
  tell({ReloadEvent::Kind::failed, version, failure});
}

void Follower::confirm() {
  confirmed_ = situation_.now;
  parts_.account.change([&](Account::Entry& entry) {
    entry.confirmed = confirmed_;
    entry.status.confirmed_at = parts_.now();
  });
}

void Follower::check_staleness() {
  const std::int64_t limit = parts_.options.max_staleness.count();
  const bool stale = limit > 0 && served_ != nullptr && situation_.now - confirmed_ > limit;
  if (stale && !told_stale_) tell({ReloadEvent::Kind::stale, situation_.serving, {}});
  told_stale_ = stale;
}

void Follower::report() {
  if (write_down(nullptr)) parts_.changed();
}

/// Brings the account up to date; true when others are to hear of it. `under_way`: the step that is
/// about to be taken.
bool Follower::write_down(const Step* under_way) {
  const bool waits = under_way != nullptr && under_way->kind == Step::Kind::wait;
  const Standing standing = standing_of(situation_, under_way);
  bool news = false;
  parts_.account.change([&](Account::Entry& entry) {
    ReloadStatus& status = entry.status;
    if (waits) entry.next_attempt = under_way->until;
    const bool other = status.state != standing.state || entry.about != standing.about;
    if (other || entry.since == 0) entry.since = parts_.now();
    news = other || status.serving != situation_.serving;
    status.serving = situation_.serving;
    status.state = standing.state;
    entry.about = standing.about;
    status.wanted = situation_.wanted;
    status.prepared = situation_.ready;
    const bool well = standing.state != ReplicaState::failed && look_failures_ == 0;
    if (well && situation_.wanted == situation_.serving) status.last_error.reset();
  });
  return news;
}

void Follower::tell(const ReloadEvent& event) {
  if (!parts_.options.on_event) return;
  // What a callback throws is its own affair.
  static_cast<void>(attempt("on_event", [&] { parts_.options.on_event(event); }));
}

}  // namespace algoctl
