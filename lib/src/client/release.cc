#include <set>

#include "algoctl/client.h"
#include "base/text.h"
#include "client/explain.h"
#include "client/external.h"
#include "client/publish_draft.h"
#include "client/publish_objects.h"
#include "client/publish_request.h"
#include "client/references.h"
#include "client/repoint.h"
#include "client/storing.h"
#include "client/target.h"
#include "client/view.h"
#include "registry/chain.h"
#include "registry/manifests.h"
#include "registry/versions.h"
#include "store/remote/object_url.h"
#include "store/verify.h"

namespace algoctl {
namespace {

/// What a release starts from: the working manifest, or a published one that nothing is written to.
struct Start {
  Target target;
  std::optional<Line> line;  // where the number goes when nothing is asked for
  std::optional<Version> from;
  std::optional<std::int64_t> seen;  // how many versions there were then
};

Start start_from_working_copy(const ReleaseOptions& options) {
  UploadOptions upload = options.upload;
  upload.repoint = true;
  if (upload.manifest.empty()) read_working_copy("");  // says that there is none
  return {find_target(upload, "name that algorithm's own with --manifest"), std::nullopt,
          std::nullopt, std::nullopt};
}

/// What of an algorithm is published at one instant.
struct Published {
  std::optional<std::int64_t> versions;  // how many
  std::optional<Version> newest;

  bool operator==(const Published&) const = default;
};

Published published_now(ClientState& state, const Algorithm& algorithm) {
  Published now;
  state.registry.read([&](Db& db) {
    const auto row = find_algorithm(db, algorithm);
    if (!row) return;
    now.versions = row->version_seq;
    if (const auto newest = newest_version(db, *row, std::nullopt)) now.newest = newest->version;
  });
  return now;
}

/// A version that is not the newest gets its successor on its own line.
std::optional<Line> own_line(const Version& from, const std::optional<Version>& newest,
                             const PublishOptions& publish) {
  if (publish.bump != Bump::unset || publish.version || publish.line) return std::nullopt;
  if (newest == from) return std::nullopt;
  return Line{from.major(), from.minor()};
}

Start start_from_version(ClientState& state, Client& client, const ReleaseOptions& options) {
  UploadOptions naming = options.upload;
  naming.repoint = false;
  const Algorithm algorithm = find_target(naming).algorithm;
  const Reference reference = starting_point(*options.from, algorithm);
  Published seen = published_now(state, algorithm);
  VersionInfo from = client.require(reference);
  // Others publish at the same time: what `latest` meant has to be compared with what was the
  // newest then.
  for (Published now; (now = published_now(state, algorithm)) != seen; seen = now) {
    from = client.require(reference);
  }
  std::string text = client.manifest_bytes(from.manifest_sha256);
  ManifestOutline outline = outline_manifest(text, from.version.str());
  return {{algorithm, std::move(text), std::move(outline)},
          own_line(from.version, seen.newest, options.publish),
          from.version,
          seen.versions};
}

/// What stands for a release from a version under an idempotency key: the files and where it
/// started, not what others published in between.
std::string request_of(const std::string& from, const std::vector<Arrived>& files) {
  std::string text = "from " + from;
  for (const Arrived& file : files) {
    text += " " + digest_of_fields({file.slot->str(), file.sha256.hex()}).hex();
  }
  return text;
}

std::vector<VerifiedFile> verified_files(ClientState& state, const Draft& draft) {
  const Manifest manifest = Manifest::parse(draft.text, draft.where);
  const View view = make_view(state, manifest.models, Digest::of(draft.text), Network::asked);
  std::vector<VerifiedFile> files;
  for (const PulledFile& file : view.files) files.push_back({*file.slot, file.path});
  return files;
}

/// What publishing would refuse, before anything is read.
void require_none_outside(const std::vector<Incoming>& incoming) {
  for (const Incoming& item : incoming) {
    if (!ObjectUrl::matches(item.path)) continue;
    throw external_refused("slot " + quoted(item.slot->str()), ObjectUrl::parse(item.path).str());
  }
}

/// One release on its way.
class Releasing {
 public:
  Releasing(ClientState& state, const ReleaseOptions& options, const Start& start)
      : state_(state),
        options_(options),
        start_(start),
        taken_(options.upload.replace ? Taken::move : Taken::rename) {}

  /// What was answered under the key, which the registry knows.
  ReleaseResult repeat(const std::vector<Incoming>& incoming) {
    foresee_files(incoming);
    auto answer = known_answer(state_, algorithm(), planned().request, options_.publish);
    return result(*std::move(answer));
  }

  ReleaseResult foresee(const std::vector<Incoming>& incoming) {
    foresee_files(incoming);
    const Draft draft = planned();
    require_sound(draft);
    return result(foresee_publish(state_, draft, options_.publish, files_));
  }

  ReleaseResult run(const std::vector<Incoming>& incoming) {
    files_ = store_files(state_, algorithm(), incoming, options_.upload, taken_);
    // Between reading the working manifest and publishing it no other release in its folder may
    // come: that would make this one's plan a stale one.
    Fd lock;
    try {
      if (options_.gate) {
        options_.gate(verified_files(state_, plan_before_the_gate()));
      }
      require_sound(planned());  // what takes long to read is not read under the lock
      lock = hold_manifest();
      // What would be refused is refused before a label moves.
      plan();
      name_files(state_, algorithm(), files_, options_.upload, taken_);
    } catch (...) {
      abandon_files(state_, files_);
      throw;
    }
    const Draft draft = planned();
    if (!options_.from) write_manifest(draft);
    PublishResult published = publish_draft(state_, draft, options_.publish);
    lock = Fd();
    if (!options_.from) settle_working_copy(state_, draft.where, draft.text, published);
    return result(std::move(published));
  }

 private:
  [[nodiscard]] const Algorithm& algorithm() const { return start_.target.algorithm; }

  void foresee_files(const std::vector<Incoming>& incoming) {
    files_ = algoctl::foresee_files(state_, algorithm(), incoming, options_.upload, taken_);
  }

  static void write_manifest(const Draft& draft) {
    if (read_working_copy(draft.where) != draft.text) return replace_file(draft.where, draft.text);
    sync_named(draft.where);
  }

  [[nodiscard]] Fd hold_manifest() const {
    if (options_.from) return {};
    return lock_folder(folder_of(options_.upload.manifest), state_.rewriting());
  }

  /// Refused already when it would not be published, whatever the gate says.
  [[nodiscard]] Draft plan_before_the_gate() {
    require_sound(planned());
    const Fd lock = hold_manifest();
    return plan();
  }

  /// Throws what publishing it would throw.
  Draft plan() {
    Draft draft = planned();
    require_sound(draft);
    foresee_publish(state_, draft, options_.publish, files_);
    return draft;
  }

  void require_sound(const Draft& draft) {
    for (const Arrived& file : files_) {
      if (!file.external) sound_.insert(file.sha256);
    }
    algoctl::require_sound(state_, Manifest::parse(draft.text, draft.where), sound_);
  }

  /// What is to be published: the start with its slots pointed at the files. A working manifest is
  /// read again: what others, or the gate, changed in it since is published too.
  [[nodiscard]] Draft planned() const {
    if (options_.from) {
      const std::string where = start_.from->str();
      Draft draft{repointed(start_.target.text, where, algorithm(), files_), where, start_.from,
                  request_of(*options_.from, files_), start_.line};
      draft.seen = start_.seen;
      return draft;
    }
    const std::string& path = options_.upload.manifest;
    std::string text =
        repointed_since(read_working_copy(path), path, start_.target, files_,
                        [](const Arrived&) { return std::string("look at it and run it again"); });
    const auto base = outline_manifest(text, path).version;
    std::string request = manifest_essence(text, path);
    return {std::move(text), path, base, std::move(request)};
  }

  [[nodiscard]] ReleaseResult result(PublishResult published) const {
    ReleaseResult result{{}, std::move(published)};
    for (const Arrived& file : files_) {
      result.files.push_back(file.answer(algorithm(), true));
      if (!file.warning.empty()) result.published.warnings.push_back(file.warning);
    }
    return result;
  }

  ClientState& state_;
  const ReleaseOptions& options_;
  const Start& start_;
  Taken taken_;
  std::vector<Arrived> files_;
  std::set<Digest> sound_;  // objects that were looked at, or just stored
};

}  // namespace

ReleaseResult Client::release(const ReleaseOptions& options) {
  check_publish_options(options.publish);
  const Start start =
      options.from ? start_from_version(*state_, *this, options) : start_from_working_copy(options);
  const auto incoming = expand_sources(options.upload, start.target.outline);
  if (!options.publish.allow_external && !options.upload.copy) require_none_outside(incoming);
  Releasing releasing(*state_, options, start);
  if (key_is_known(*state_, start.target.algorithm, options.publish)) {
    return releasing.repeat(incoming);
  }
  if (!options.publish.dry_run) return releasing.run(incoming);
  state_->foresee_store();
  return releasing.foresee(incoming);
}

}  // namespace algoctl
