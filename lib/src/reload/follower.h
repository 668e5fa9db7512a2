#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "algoctl/reloader.h"
#include "reload/account.h"
#include "reload/feed.h"
#include "reload/loaded.h"
#include "reload/policy.h"

namespace algoctl {

/// What a Follower works with. All of it must outlive it.
struct FollowerParts {
  Feed& feed;
  const ReloadSubject& subject;
  const ReloadOptions& options;
  Account& account;
  Current& current;
  std::string reference;  ///< for messages
  /// Takes a model that is not served any more; with `at_once` returns when it is destroyed.
  std::function<void(std::unique_ptr<Loaded>, bool at_once)> retire;
  std::function<void()> make_room;      ///< returns when those that nobody uses are destroyed
  std::function<void()> changed;        ///< what others may want to know has changed in the account
  std::function<std::int64_t()> clock;  ///< milliseconds that never go back
  std::function<std::int64_t()> now;    ///< milliseconds since 1970, UTC
  std::function<double()> chance;       ///< from 0 to 1
  std::atomic<bool>& asked;             ///< by `reload_now`; taken back by the look
  const std::atomic<bool>& stop;
};

/// Takes the steps that the policy says, one after another. One thread at a time. What goes wrong
/// is written into the account, and never thrown; but Error{interrupted} is.
class Follower {
 public:
  explicit Follower(FollowerParts parts) : parts_(std::move(parts)) {}
  ~Follower();
  Follower(const Follower&) = delete;
  Follower& operator=(const Follower&) = delete;

  /// Takes the next step, unless it is to wait; returns it.
  Step advance();

  /// After a wait: something may have changed.
  void hear() { situation_.heard = true; }

 private:
  void look();
  void learn(const Outlook& outlook);
  void check_served_files();
  void load(const ModelVersion& version);
  std::unique_ptr<Loaded> load_files(const Files& files);
  void swap();
  void serve_last_again(const ModelVersion& refused);
  void serve_alone(const ModelVersion& version);
  void serve(std::unique_ptr<Loaded> next);
  void forget();
  void refuse(const ModelVersion& version, const ReloadFailure& failure);
  void accept();
  void fail(const std::optional<ModelVersion>& version, const ReloadFailure& failure);
  void check_staleness();
  void confirm();
  void report();
  bool write_down(const Step* under_way);
  std::optional<ReloadFailure> attempt(const std::string& what, const std::function<void()>& body);
  void tell(const ReloadEvent& event);

  FollowerParts parts_;
  Situation situation_;
  std::unique_ptr<Loaded> ready_;  ///< with Overlap::unload_then_load its files alone, no object
  Loaded* served_ = nullptr;       ///< what `current` has
  std::optional<ModelVersion> last_served_;  ///< also while nothing is
  int look_failures_ = 0;                    ///< in a row
  bool files_failed_ = false;   ///< the last look failed only at the files of what is served
  int load_failures_ = 0;       ///< of the version that is refused
  std::int64_t confirmed_ = 0;  ///< on the clock: that what is served is what is wanted
  bool told_stale_ = false;
  std::string rollout_;  ///< the id of the last one that was announced
};

}  // namespace algoctl
