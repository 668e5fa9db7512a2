#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "algoctl/archive.h"
#include "algoctl/channel.h"
#include "algoctl/client_options.h"
#include "algoctl/error.h"
#include "algoctl/export.h"
#include "algoctl/import.h"
#include "algoctl/journal.h"
#include "algoctl/maintain.h"
#include "algoctl/manifest.h"
#include "algoctl/pin.h"
#include "algoctl/publish.h"
#include "algoctl/reference.h"
#include "algoctl/replica.h"
#include "algoctl/resolve.h"
#include "algoctl/upload.h"

namespace algoctl {

struct ClientState;

/// The verbs. Opens nothing before the first call; makes an absent home only when it writes.
/// Safe to call from any thread; calls that use the registry take turns. Every call throws Error,
/// with the codes of docs/architecture.md; `storage` and `busy` may come from any of them.
class ALGOCTL_EXPORT Client {
 public:
  explicit Client(ClientOptions options);
  ~Client();
  Client(Client&&) noexcept;
  Client& operator=(Client&&) noexcept;

  /// What it was made with.
  [[nodiscard]] const ClientOptions& options() const noexcept;

  // Making versions

  /// Writes FOLDER/algorithm.json, or `file`, if none is there. Returns its path. Throws conflict.
  std::string init(const Algorithm& algorithm, const std::string& folder, bool dry_run = false);
  std::string init_manifest(const Algorithm& algorithm, const std::string& file, bool dry_run);

  /// Stores bytes, records labels, points the manifest's slots at them.
  UploadResult upload(const UploadOptions& options);

  /// Points slots of the working manifest at labels that are there, or refreshes a stale one.
  UseResult use(const UseOptions& options);

  /// Inserts the next version from the working manifest, or finds that it is there already.
  PublishResult publish(const PublishOptions& options);

  /// Upload, gate, repoint and publish in one resumable step.
  ReleaseResult release(const ReleaseOptions& options);

  /// Makes a version of what another program left, or finds the one with the same files. Throws
  /// usage for no kind known, not_found for a file, integrity for bytes that were not frozen so.
  ForeignImportResult import_foreign(const ForeignImportOptions& options);

  // Using versions

  /// Which version a reference means, or nullopt. Throws usage for a `data://` reference.
  std::optional<VersionInfo> resolve(const Reference& reference,
                                     const ResolveOptions& options = {});

  /// As `resolve`, but throws not_found saying what is there and what comes nearest.
  VersionInfo require(const Reference& reference, const ResolveOptions& options = {});

  /// What a label names now, or named `at` a time (milliseconds since 1970, UTC; size -1 when the
  /// object was collected since). Throws not_found with the nearest label.
  LabelInfo require_label(const Algorithm& algorithm, const Label& label,
                          std::optional<std::int64_t> at = std::nullopt);

  /// Runs `body` inside one read transaction: every resolve in it sees the same registry. Other
  /// threads wait.
  void read(const std::function<void()>& body);

  /// Says whether something about an algorithm may have changed: as long as this is equal, nothing
  /// has. Empty before its first event.
  std::string revision(const Algorithm& algorithm);

  /// Returns after the next commit of anybody on this machine, or after `limit`. The first call
  /// returns at once: whoever looks after each call misses nothing. One thread at a time; others
  /// may use the client meanwhile.
  void wait_for_commit(std::chrono::milliseconds limit);

  /// The published manifest's bytes, checked against their digest.
  std::string manifest_bytes(const Digest& manifest_sha256);
  Manifest manifest(const Digest& manifest_sha256);

  /// Verified local files of a reference. Throws integrity when bytes are not those of the
  /// manifest.
  PullResult pull(const Reference& reference, const PullOptions& options = {});
  /// Verified files of a pin: the bytes that were pinned, or Error.
  PullResult pull(const Pin& pin, const PullOptions& options = {});
  /// The same of several, copied as one set or not at all; a slot is taken from those that have it.
  std::vector<PullResult> pull_pins(const std::vector<Pin>& pins, const PullOptions& options = {});
  /// Verified files of an unpublished working manifest.
  PullResult pull_manifest(const std::string& path, const PullOptions& options = {});

  /// Resolves and writes the lock file. Returns the pins of the references given, or all.
  std::vector<Pin> pin(const PinOptions& options);

  /// Throws unless the registry says of a pin what it said when it was pinned: lock_mismatch when
  /// `locked`, else integrity or not_found.
  void check(const Pin& pin, bool locked);

  /// Every pin of a lock file with what its selector means now.
  std::vector<Outdated> outdated(const Lock& lock);

  // Governing versions

  /// Moves a channel to a version. Throws conflict for an expectation that fails, a hold, a lower
  /// version, a yanked one; check_failed for a requirement that does not hold.
  ChannelResult promote(const PromoteOptions& options);

  /// The same, taking the channel's replicas along: waits until all of them serve the version.
  /// Throws conflict, nothing changed, when one vetoes; busy when they are not there in time.
  RolloutResult roll_out(const PromoteOptions& promote, const RolloutOptions& options);

  /// The living processes that follow something of an algorithm, sorted by name.
  std::vector<ReplicaInfo> replicas(const Algorithm& algorithm);

  /// Moves a channel back to what it named before. Throws not_found when there is no past, conflict
  /// for an expectation that fails.
  ChannelResult rollback(const RollbackOptions& options);

  /// Marks a version as one not to choose any more, or takes the mark away. Throws conflict for a
  /// version that channels name, unless there is a replacement for them.
  YankResult yank(const YankOptions& options);

  /// Sets metadata of a version. Returns the version.
  VersionInfo annotate(const Reference& reference, const std::map<std::string, std::string>& values,
                       const ResolveOptions& options = {}, bool dry_run = false);

  /// Calls `visit` for every event, newest first, until it returns false.
  void log(const LogOptions& options, const std::function<bool(const LogEvent&)>& visit);

  /// Slots, files and metadata in which two versions differ, by field.
  std::vector<Difference> diff(const VersionInfo& left, const VersionInfo& right);

  // Looking after registry, store and cache

  /// Frees what nothing needs, and calls `visit` for each thing as it is freed. Never a published
  /// version, nor what an upload under way has stored. Throws what `visit` throws.
  GcResult gc(const GcOptions& options, const std::function<void(const GcItem&)>& visit);

  /// Reads everything again and compares: pages, records, chains, heads, manifests, objects. Calls
  /// `visit` for each thing that is not as it should be.
  VerifyResult verify(const VerifyOptions& options, const std::function<void(const Fault&)>& visit);

  /// Looks at registry, store, cache and machine, and names a remedy for what is not well. Never
  /// throws for what it finds.
  std::vector<Checkup> doctor();

  // For machines with no way out

  /// Writes versions with their objects, and the journals, into one file, which appears at once.
  ExportResult export_archive(const ExportOptions& options);

  /// Brings what such a file has and the registry has not. Throws conflict, integrity.
  ImportResult import_archive(const ImportOptions& options);

  // Listing

  std::vector<Algorithm> algorithms();

  /// Calls `visit` for every version, highest first, until it returns false.
  /// Throws not_found for an algorithm that is not there.
  void versions(const Algorithm& algorithm,
                const std::function<bool(const VersionSummary&)>& visit);

  std::vector<LabelInfo> labels(const Algorithm& algorithm);

  /// Metadata of a version, by key.
  std::map<std::string, std::string> metadata(const VersionInfo& version);

  /// One key of the metadata of all versions that have it.
  std::map<Version, std::string> metadata_by_version(const Algorithm& algorithm,
                                                     const std::string& key);

  /// Channels that name a version now, sorted.
  std::vector<std::string> channels(const VersionInfo& version);

  /// The channels of an algorithm, by name.
  std::vector<ChannelInfo> channels(const Algorithm& algorithm);

 private:
  friend class Stores;
  std::unique_ptr<ClientState> state_;
};

}  // namespace algoctl
