#include <algorithm>

#include "algoctl/client.h"
#include "base/text.h"
#include "client/explain.h"
#include "client/external.h"
#include "client/publish_draft.h"
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
};

Start start_from_working_copy(const ReleaseOptions& options) {
  UploadOptions upload = options.upload;
  upload.repoint = true;
  if (upload.manifest.empty()) read_working_copy("");  // says that there is none
  return {find_target(upload), std::nullopt, std::nullopt};
}

/// A version that is not the newest gets its successor on its own line.
std::optional<Line> own_line(ClientState& state, const VersionInfo& from,
                             const PublishOptions& publish) {
  if (publish.bump != Bump::unset || publish.version || publish.line) return std::nullopt;
  std::optional<Version> newest;
  state.registry.read([&](Db& db) {
    const auto row = newest_version(db, require_algorithm(db, from.algorithm), std::nullopt);
    if (row) newest = row->version;
  });
  if (newest == from.version) return std::nullopt;
  return Line{from.version.major(), from.version.minor()};
}

Start start_from_version(ClientState& state, Client& client, const ReleaseOptions& options) {
  UploadOptions naming = options.upload;
  naming.repoint = false;
  const Algorithm algorithm = find_target(naming).algorithm;
  const VersionInfo from = client.require(starting_point(*options.from, algorithm));
  std::string text = client.manifest_bytes(from.manifest_sha256);
  ManifestOutline outline = outline_manifest(text, from.version.str());
  return {{algorithm, std::move(text), std::move(outline)},
          own_line(state, from, options.publish),
          from.version};
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

Draft draft_of(const Start& start, const ReleaseOptions& options,
               const std::vector<Arrived>& files) {
  const std::string where = options.from ? start.from->str() : options.upload.manifest;
  std::string text = repointed(start.target.text, where, start.target.algorithm, files);
  std::string request =
      options.from ? request_of(*options.from, files) : manifest_essence(text, where);
  return {std::move(text), where, start.target.outline->version, std::move(request), start.line};
}

std::vector<VerifiedFile> verified_files(ClientState& state, const Draft& draft) {
  const Manifest manifest = Manifest::parse(draft.text, draft.where);
  const View view = make_view(state, manifest.models, Digest::of(draft.text), Network::asked);
  std::vector<VerifiedFile> files;
  for (const PulledFile& file : view.files) files.push_back({*file.slot, file.path});
  return files;
}

void fill(ReleaseResult& result, const Start& start, const std::vector<Arrived>& files) {
  for (const Arrived& file : files) {
    result.files.push_back(file.answer(start.target.algorithm, true));
    if (!file.warning.empty()) result.published.warnings.push_back(file.warning);
  }
}

/// What publishing would refuse, before anything is read.
void require_none_outside(const std::vector<Incoming>& incoming) {
  for (const Incoming& item : incoming) {
    if (!ObjectUrl::matches(item.path)) continue;
    throw external_refused("slot " + quoted(item.slot->str()), ObjectUrl::parse(item.path).str());
  }
}

}  // namespace

ReleaseResult Client::release(const ReleaseOptions& options) {
  check_publish_options(options.publish);
  const Start start =
      options.from ? start_from_version(*state_, *this, options) : start_from_working_copy(options);
  const Algorithm& algorithm = start.target.algorithm;
  const auto incoming = expand_sources(options.upload, start.target.outline);
  if (!options.publish.allow_external && !options.upload.copy) require_none_outside(incoming);
  const Taken taken = options.upload.replace ? Taken::move : Taken::rename;
  const auto foresee = [&] {
    return foresee_files(*state_, algorithm, incoming, options.upload, taken);
  };

  if (key_is_known(*state_, algorithm, options.publish)) {
    const auto files = foresee();
    const Draft draft = draft_of(start, options, files);
    auto answer = known_answer(*state_, algorithm, draft.request, options.publish);
    ReleaseResult result{{}, *std::move(answer)};
    fill(result, start, files);
    return result;
  }
  if (options.publish.dry_run) {
    state_->foresee_store();
    const auto files = foresee();
    ReleaseResult result{
        {}, foresee_publish(*state_, draft_of(start, options, files), options.publish)};
    fill(result, start, files);
    return result;
  }

  const auto files = store_files(*state_, algorithm, incoming, options.upload, taken);
  const Draft draft = draft_of(start, options, files);
  try {
    if (options.gate) options.gate(verified_files(*state_, draft));
    name_files(*state_, algorithm, files, options.upload, taken);
  } catch (...) {
    abandon_files(*state_, files);
    throw;
  }
  if (!options.from) repoint(*state_, options.upload.manifest, start.target, files);
  ReleaseResult result{{}, publish_draft(*state_, draft, options.publish)};
  if (!options.from) {
    settle_working_copy(*state_, options.upload.manifest, draft.text, result.published);
  }
  fill(result, start, files);
  return result;
}

}  // namespace algoctl
