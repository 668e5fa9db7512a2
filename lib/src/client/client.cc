#include "algoctl/client.h"

#include <utility>

#include "base/clock.h"
#include "base/text.h"
#include "client/explain.h"
#include "client/state.h"
#include "registry/channels.h"
#include "registry/history.h"
#include "registry/labels.h"
#include "registry/manifests.h"
#include "registry/notes.h"
#include "registry/versions.h"

namespace algoctl {

Client::Client(ClientOptions options) : state_(std::make_unique<ClientState>(std::move(options))) {}
Client::~Client() = default;
Client::Client(Client&&) noexcept = default;
Client& Client::operator=(Client&&) noexcept = default;

const char* library_version() noexcept { return ALGOCTL_VERSION; }

const ClientOptions& Client::options() const noexcept { return state_->options; }

void Client::read(const std::function<void()>& body) {
  state_->registry.read([&](Db&) { body(); });
}

namespace {

void refuse_label(const Reference& reference) {
  if (!reference.label()) return;
  throw Error(Code::usage, quoted(reference.str()) + " is a label, not a version",
              "write " + reference.algorithm().str() + "@SELECTOR");
}

std::optional<VersionInfo> look_up(Db& db, const AlgorithmRow& algorithm, const Selector& selector,
                                   const ResolveOptions& options) {
  if (!options.at) return find_version(db, algorithm, selector, options.prereleases);
  return find_version_as_of(db, algorithm, selector, options.prereleases,
                            event_at(db, algorithm, *options.at));
}

}  // namespace

std::optional<VersionInfo> Client::resolve(const Reference& reference,
                                           const ResolveOptions& options) {
  refuse_label(reference);
  std::optional<VersionInfo> version;
  state_->registry.read([&](Db& db) {
    const auto algorithm = find_algorithm(db, reference.algorithm());
    if (algorithm) version = look_up(db, *algorithm, reference.selector(), options);
  });
  return version;
}

VersionInfo Client::require(const Reference& reference, const ResolveOptions& options) {
  refuse_label(reference);
  std::optional<VersionInfo> version;
  state_->registry.read([&](Db& db) {
    const AlgorithmRow algorithm = require_algorithm(db, reference.algorithm());
    version = look_up(db, algorithm, reference.selector(), options);
    if (version) return;
    if (options.at) throw no_such_version_at(algorithm, reference.selector(), *options.at);
    throw no_such_version(db, algorithm, reference.selector());
  });
  return *std::move(version);
}

LabelInfo Client::require_label(const Algorithm& algorithm, const Label& label,
                                std::optional<std::int64_t> at) {
  std::optional<LabelInfo> info;
  state_->registry.read([&](Db& db) {
    const AlgorithmRow row = require_algorithm(db, algorithm);
    info =
        at ? find_label_as_of(db, row, label, event_at(db, row, *at)) : find_label(db, row, label);
    if (!info && at && find_label(db, row, label)) {
      throw Error(Code::not_found, "label " + quoted(label.str()) + " of " +
                                       quoted(algorithm.str()) + " did not exist at " +
                                       format_time(*at));
    }
    if (!info) throw no_such_label(db, row, label);
  });
  return *std::move(info);
}

std::string Client::revision(const Algorithm& algorithm) {
  std::string head;
  state_->registry.read([&](Db& db) {
    if (const auto row = find_algorithm(db, algorithm)) head = row->journal_head;
  });
  return head;
}

void Client::wait_for_commit(std::chrono::milliseconds limit) {
  state_->commits.wait(limit, state_->options.stop);
}

std::string Client::manifest_bytes(const Digest& manifest_sha256) {
  std::string bytes;
  state_->registry.read([&](Db& db) { bytes = algoctl::manifest_bytes(db, manifest_sha256); });
  return bytes;
}

Manifest Client::manifest(const Digest& manifest_sha256) {
  return Manifest::parse(manifest_bytes(manifest_sha256), manifest_sha256.str());
}

std::vector<Algorithm> Client::algorithms() {
  std::vector<Algorithm> names;
  state_->registry.read([&](Db& db) { names = algorithm_names(db); });
  return names;
}

void Client::versions(const Algorithm& algorithm,
                      const std::function<bool(const VersionSummary&)>& visit) {
  state_->registry.read(
      [&](Db& db) { visit_versions(db, require_algorithm(db, algorithm), visit); });
}

std::vector<LabelInfo> Client::labels(const Algorithm& algorithm) {
  std::vector<LabelInfo> labels;
  state_->registry.read([&](Db& db) { labels = labels_of(db, require_algorithm(db, algorithm)); });
  return labels;
}

std::map<std::string, std::string> Client::metadata(const VersionInfo& version) {
  std::map<std::string, std::string> notes;
  state_->registry.read(
      [&](Db& db) { notes = notes_of(db, require_algorithm(db, version.algorithm), version); });
  return notes;
}

std::map<Version, std::string> Client::metadata_by_version(const Algorithm& algorithm,
                                                           const std::string& key) {
  std::map<Version, std::string> values;
  state_->registry.read(
      [&](Db& db) { values = notes_by_version(db, require_algorithm(db, algorithm), key); });
  return values;
}

std::vector<std::string> Client::channels(const VersionInfo& version) {
  std::vector<std::string> names;
  state_->registry.read([&](Db& db) {
    names = channels_naming(db, require_algorithm(db, version.algorithm), version);
  });
  return names;
}

std::vector<ChannelInfo> Client::channels(const Algorithm& algorithm) {
  std::vector<ChannelInfo> channels;
  state_->registry.read(
      [&](Db& db) { channels = channels_of(db, require_algorithm(db, algorithm)); });
  return channels;
}

}  // namespace algoctl
