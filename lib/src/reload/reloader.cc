#include "algoctl/reloader.h"

#include <unistd.h>

#include <random>
#include <thread>
#include <utility>

#include "base/clock.h"
#include "base/quiet_thread.h"
#include "base/text.h"
#include "reload/follower.h"
#include "reload/keeper.h"
#include "reload/readers.h"
#include "reload/replica.h"

namespace algoctl {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

std::int64_t steady_ms() {
  const auto time = steady_clock::now().time_since_epoch();
  return std::chrono::duration_cast<milliseconds>(time).count();
}

std::function<double()> any_chance() {
  return [engine = std::mt19937(std::random_device{}()),
          from_0_to_1 = std::uniform_real_distribution<double>()]() mutable {
    return from_0_to_1(engine);
  };
}

milliseconds left_until(steady_clock::time_point end) {
  return std::max(milliseconds(0),
                  std::chrono::duration_cast<milliseconds>(end - steady_clock::now()));
}

bool satisfies(const Selector& selector, const ModelVersion& version) {
  if (selector.kind() == Selector::Kind::digest) return selector.digest() == version.digest;
  return version.number && selector.admits(*version.number, true);
}

/// As the promises of ReloadOptions need them.
ReloadOptions checked(ReloadOptions options) {
  for (const auto& [name, time] : {std::pair("poll", options.poll),
                                   {"backoff", options.backoff},
                                   {"longest_backoff", options.longest_backoff},
                                   {"max_staleness", options.max_staleness}}) {
    if (time.count() >= 0) continue;
    throw Error(Code::usage,
                std::string(name) + " is negative: " + std::to_string(time.count()) + " ms");
  }
  return options;
}

}  // namespace

/// The members in the order in which they depend on each other: they end in the reverse one.
struct ReloaderState {
  ReloaderState(const ClientOptions& client, const Reference& followed, ReloadSubject s,
                ReloadOptions o);
  ~ReloaderState();
  ReloaderState(const ReloaderState&) = delete;
  ReloaderState& operator=(const ReloaderState&) = delete;

  void load_first();
  void run();
  [[nodiscard]] bool in_child() const { return ::getpid() != process; }
  void refuse_in_child() const;
  [[nodiscard]] bool needs_look(const Selector& selector) const;
  [[nodiscard]] std::function<bool(const Account::Entry&)> condition(const Selector& selector);

  const pid_t process = ::getpid();
  const Reference reference;
  const ReloadSubject subject;
  const ReloadOptions options;
  std::function<std::int64_t()> clock;
  std::atomic<bool> stop{false};
  std::atomic<bool> asked{false};
  const std::shared_ptr<Account> account = std::make_shared<Account>();
  Current current;
  std::unique_ptr<Feed> feed;
  std::unique_ptr<Keeper> keeper;
  std::unique_ptr<Follower> follower;
  std::thread thread;
};

ReloaderState::ReloaderState(const ClientOptions& client, const Reference& followed,
                             ReloadSubject s, ReloadOptions o)
    : reference(followed), subject(std::move(s)), options(checked(std::move(o))) {
  clock = options.clock ? options.clock : steady_ms;
  const auto now = client.now ? client.now : system_now_ms;
  feed = open_client_feed(client, reference, options, stop);
  Keeper::Work work{subject.destroy, {}, {}};
  if (options.report) {
    auto replica = std::make_shared<Replica>(client, reference, options.name, account);
    work.report = [replica, now] { replica->report(now()); };
    work.withdraw = [replica] { replica->withdraw(); };
    work.heartbeat = Replica::kHeartbeat;
  }
  keeper = std::make_unique<Keeper>(std::move(work));
  const auto retire = [this](std::unique_ptr<Loaded> loaded, bool at_once) {
    at_once ? keeper->retire_now(std::move(loaded), stop) : keeper->retire(std::move(loaded));
  };
  follower = std::make_unique<Follower>(
      FollowerParts{*feed, subject, options, *account, current, reference.str(), retire,
                    [this] { keeper->make_room(); }, [this] { keeper->report_soon(); }, clock, now,
                    any_chance(), asked, stop});
  load_first();
  keeper->report_now();  // whoever promotes from now on sees this replica
  thread = quiet_thread([this] { run(); });
}

ReloaderState::~ReloaderState() {
  stop = true;
  feed->wake();
  if (thread.joinable()) thread.join();
  follower.reset();
  std::unique_ptr<Loaded> last(static_cast<Loaded*>(current.exchange(nullptr)));
  if (last) keeper->retire(std::move(last));
}

void ReloaderState::load_first() {
  while (current.load() == nullptr) {
    follower->advance();
    const auto failure = account->read().status.last_error;
    if (failure) throw Error(failure->code, failure->message, failure->hint);
  }
}

void ReloaderState::run() {
  try {
    while (!stop) {
      const Step step = follower->advance();
      if (step.kind != Step::Kind::wait) continue;
      const std::int64_t left = step.until - clock();
      if (left > 0) feed->wait(milliseconds(left));
      if (clock() < step.until) follower->hear();
    }
  } catch (const Error&) {
    // Interrupted, which only the destructor does.
  }
}

void ReloaderState::refuse_in_child() const {
  if (!in_child()) return;
  throw Error(Code::usage,
              "the model of " + reference.str() +
                  " was made before fork(2), and nobody reloads it in this process",
              "make it after the fork: in each worker");
}

/// True for a selector that a new look must answer: what may move, and is what is followed. Throws
/// Error{usage} for `latest` or a channel that is not.
bool ReloaderState::needs_look(const Selector& selector) const {
  const auto kind = selector.kind();
  if (kind == Selector::Kind::exact || kind == Selector::Kind::digest) return false;
  if (!reference.label() && selector.str() == reference.selector().str()) return true;
  if (kind == Selector::Kind::range) return false;
  throw Error(Code::usage,
              quoted(selector.str()) + " moves, and is not what " + reference.str() + " follows",
              "wait for a version or a range");
}

/// Whether what is served satisfies a selector. Of one that needs it this asks for a new look.
std::function<bool(const Account::Entry&)> ReloaderState::condition(const Selector& selector) {
  if (!needs_look(selector)) {
    return [selector](const Account::Entry& entry) {
      return entry.status.serving && satisfies(selector, *entry.status.serving);
    };
  }
  const std::int64_t seen = account->read().looks_begun;
  asked = true;
  feed->wake();
  return [seen](const Account::Entry& entry) {
    return entry.looks_done > seen && entry.status.serving &&
           entry.status.serving == entry.status.wanted;
  };
}

Reloader::Reloader(const ClientOptions& client, const Reference& reference, ReloadSubject subject,
                   ReloadOptions options)
    : state_(std::make_unique<ReloaderState>(client, reference, std::move(subject),
                                             std::move(options))),
      current_(&state_->current) {}

Reloader::~Reloader() {
  // The threads are not in this process, and what they held is held for ever.
  if (state_->in_child()) static_cast<void>(state_.release());
}

std::shared_ptr<const void> Reloader::share() const {
  const Borrowing borrowing(*current_);
  const Snapshot* const snapshot = borrowing.snapshot();
  if (snapshot == nullptr) return nullptr;
  auto& shares = const_cast<Snapshot*>(snapshot)->shares;
  shares.fetch_add(1);
  return {snapshot->object, [&shares](const void*) { shares.fetch_sub(1); }};
}

ReloadStatus Reloader::status() const {
  state_->refuse_in_child();
  const Account::Entry entry = state_->account->read();
  ReloadStatus status = entry.status;
  const std::int64_t now = state_->clock();
  status.next_attempt = milliseconds(std::max<std::int64_t>(0, entry.next_attempt - now));
  const std::int64_t limit = state_->options.max_staleness.count();
  status.stale = limit > 0 && now - entry.confirmed > limit;
  return status;
}

bool Reloader::wait_for(const Selector& selector, milliseconds limit) const {
  state_->refuse_in_child();
  return state_->account->wait(limit, state_->condition(selector));
}

void Reloader::take(Borrowing& borrowing, const Selector& selector, milliseconds limit) const {
  state_->refuse_in_child();
  const auto end = steady_clock::now() + limit;
  do {
    if (!state_->account->wait(left_until(end), state_->condition(selector))) break;
    borrowing.take(*current_);
    const Snapshot* const snapshot = borrowing.snapshot();
    if (snapshot != nullptr &&
        (state_->needs_look(selector) || satisfies(selector, snapshot->version))) {
      return;
    }
    borrowing.drop();
  } while (steady_clock::now() < end);
  const auto serving = state_->account->read().status.serving;
  throw Error(Code::busy,
              state_->reference.str() + " is served as " + (serving ? serving->str() : "nothing") +
                  " after " + std::to_string(limit.count()) + " ms, and not as " +
                  quoted(selector.str()),
              "wait longer, or see in its status why it does not come");
}

void Reloader::reload_now() {
  state_->refuse_in_child();
  state_->asked = true;
  state_->feed->wake();
}

bool Reloader::borrowed() const noexcept {
  if (state_->in_child()) return false;
  const Snapshot* const snapshot = current_->load();
  return (snapshot != nullptr && is_borrowed(snapshot)) || state_->keeper->in_use();
}

}  // namespace algoctl
