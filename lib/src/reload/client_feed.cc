#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "algoctl/client.h"
#include "base/clock.h"
#include "base/text.h"
#include "client/state.h"
#include "registry/commit_watch.h"
#include "registry/replica_board.h"
#include "reload/feed.h"

namespace algoctl {
namespace {

// A rollout that lies further ahead was agreed by another clock: then it is not waited for.
constexpr std::int64_t kLongestSwitchMs = 2000;

FileStamp stamp_of_open(const HeldFile& file) {
  struct stat info {};
  if (::fstat(file.fd.get(), &info) != 0) {
    throw_errno("cannot look at " + quoted(file.path), errno);
  }
  return stamp_of(info);
}

class ClientFeed : public Feed {
 public:
  ClientFeed(const ClientOptions& options, Reference reference, const ReloadOptions& reload)
      : reference_(std::move(reference)),
        prereleases_(reload.prereleases),
        now_(options.now),
        client_(options),
        commits_(registry_path(options), !reload.watch) {
    if (!reference_.label() && reference_.selector().kind() == Selector::Kind::channel) {
      board_ = open_folder_board(registry_path(options));
    }
  }

  Outlook look() override {
    const std::string revision = client_.revision(reference_.algorithm());
    if (!wanted_ || revision_ != revision || revision.empty()) {
      wanted_ = meaning();
      revision_ = revision;
    }
    return {*wanted_, announced()};
  }

  Files fetch(const ModelVersion& version) override {
    if (reference_.label()) {
      PullResult pulled = client_.pull(reference_);
      const ModelVersion actual{std::nullopt, pulled.files.front().sha256};
      return {actual, std::move(pulled)};
    }
    // By digest: a registry restored from a backup may give a number to something else.
    const Reference exactly(reference_.algorithm(), Selector::parse(version.digest.str()));
    return {version, client_.pull(exactly)};
  }

  std::vector<HeldFile> hold(const Files& files) override {
    std::vector<HeldFile> held;
    for (const PulledFile& file : files.all()) {
      held.push_back({file.path, open_file(file.path, O_PATH), {}});
      held.back().stamp = stamp_of_open(held.back());
    }
    return held;
  }

  [[nodiscard]] bool unchanged(const std::vector<HeldFile>& files) const override {
    return std::all_of(files.begin(), files.end(), [](const HeldFile& file) {
      const FileStamp now = stamp_of_open(file);
      return now.size == file.stamp.size && now.mtime_ns == file.stamp.mtime_ns;
    });
  }

  void wait(std::chrono::milliseconds limit) override { commits_.wait(limit, nullptr); }
  void wake() noexcept override { commits_.wake(); }

 private:
  ModelVersion meaning() {
    if (const auto& label = reference_.label()) {
      return {std::nullopt, client_.require_label(reference_.algorithm(), *label).sha256};
    }
    const VersionInfo info = client_.require(reference_, {prereleases_, {}});
    return {info.version, info.manifest_sha256};
  }

  std::optional<AnnouncedSoon> announced() {
    if (!board_) return std::nullopt;
    const std::int64_t now = now_ ? now_() : system_now_ms();
    const auto rollout =
        board_->rollout(reference_.algorithm(), reference_.selector().channel(), now);
    if (!rollout) return std::nullopt;
    const auto info = client_.resolve(
        Reference(reference_.algorithm(), Selector::exactly(rollout->version)), {true, {}});
    if (!info) return std::nullopt;
    AnnouncedSoon announced{rollout->id, {info->version, info->manifest_sha256}};
    if (rollout->switch_at) {
      const std::int64_t left = *rollout->switch_at - now;
      announced.switch_in = left > kLongestSwitchMs ? 0 : std::max<std::int64_t>(left, 0);
    }
    return announced;
  }

  Reference reference_;
  bool prereleases_;
  std::function<std::int64_t()> now_;
  Client client_;
  CommitWatch commits_;
  std::unique_ptr<ReplicaBoard> board_;  ///< when a channel is followed
  std::optional<ModelVersion> wanted_;   ///< at `revision_`
  std::string revision_;
};

}  // namespace

std::unique_ptr<Feed> open_client_feed(ClientOptions options, const Reference& reference,
                                       const ReloadOptions& reload, const std::atomic<bool>& stop) {
  options.stop = &stop;
  options.progress = nullptr;
  return std::make_unique<ClientFeed>(std::move(options), reference, reload);
}

}  // namespace algoctl
