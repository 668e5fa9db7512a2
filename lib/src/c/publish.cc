#include <algorithm>

#include "algoctl/c_publish.h"
#include "algoctl/channel.h"
#include "c/client.h"
#include "c/failure.h"
#include "c/memory.h"

namespace algoctl::c {
namespace {

Bump bump_of(const char* text) {
  const std::string bump = or_empty(text);
  if (bump.empty()) return Bump::unset;
  if (bump == "major") return Bump::major;
  if (bump == "minor") return Bump::minor;
  if (bump == "patch") return Bump::patch;
  throw Error(Code::usage, "'" + bump + "' is no part of a version", "one of: major, minor, patch");
}

UploadOptions upload_options(const algoctl_upload_options* given_options) {
  const algoctl_upload_options o = read_struct(given_options);
  UploadOptions options;
  const std::vector<std::string> paths = texts(o.paths, o.path_count, "a path");
  for (std::size_t i = 0; i < paths.size(); ++i) {
    const char* const slot = o.slots == nullptr ? nullptr : o.slots[i];
    options.files.push_back(
        {paths[i], slot == nullptr ? std::nullopt : std::optional(Slot::parse(slot))});
  }
  options.label = or_empty(o.label);
  if (o.algorithm != nullptr) options.algorithm = Algorithm::parse(o.algorithm);
  options.manifest = or_empty(o.manifest);
  options.repoint = o.manifest != nullptr;
  if (o.expect != nullptr) options.expect = ExpectedObject::parse(o.expect);
  options.replace = o.replace != 0;
  options.dry_run = o.dry_run != 0;
  return options;
}

PublishOptions publish_options(const algoctl_publish_options* given_options) {
  const algoctl_publish_options o = read_struct(given_options);
  PublishOptions options;
  options.manifest = given(o.manifest, "the manifest");
  options.bump = bump_of(o.bump);
  if (o.version != nullptr) options.version = Version::parse(o.version);
  options.prerelease = or_empty(o.prerelease);
  if (o.line != nullptr) options.line = Line::parse(o.line);
  options.notes = or_empty(o.notes);
  if (o.expect != nullptr) options.expect = ExpectedVersion::parse(o.expect);
  options.idempotency_key = or_empty(o.idempotency_key);
  options.channels = texts(o.channels, o.channel_count, "a channel");
  const auto metadata = texts(o.metadata, 2 * o.metadata_count, "a key or value of metadata");
  for (std::size_t i = 0; i < metadata.size(); i += 2) {
    options.metadata[metadata[i]] = metadata[i + 1];
  }
  options.allow_duplicate = o.allow_duplicate != 0;
  options.force = o.force != 0;
  options.dry_run = o.dry_run != 0;
  return options;
}

PromoteOptions promote_options(const algoctl_promote_options* given_options) {
  const algoctl_promote_options o = read_struct(given_options);
  PromoteOptions options{Reference::parse(given(o.reference, "the reference")),
                         given(o.channel, "the channel"),
                         {},
                         {},
                         {}};
  if (o.expect != nullptr) options.expect = ExpectedVersion::parse(o.expect);
  options.why = or_empty(o.why);
  for (const std::string& each : texts(o.require, o.require_count, "a requirement")) {
    options.require.push_back(Requirement::parse(each));
  }
  options.prereleases = o.prereleases != 0;
  options.force = o.force != 0;
  options.release_hold = o.release_hold != 0;
  options.dry_run = o.dry_run != 0;
  return options;
}

}  // namespace
}  // namespace algoctl::c

using namespace algoctl;
using namespace algoctl::c;

int algoctl_upload(algoctl_client* client, const algoctl_upload_options* options,
                   algoctl_uploaded* result, algoctl_error** error) {
  return guarded(error, [&] {
    check_place(result);
    const UploadResult done = client_of(client).upload(upload_options(options));
    auto memory = std::make_unique<algoctl_memory>();
    for (const UploadedFile& each : done.files) {
      algoctl_file& file = memory->file();
      file.slot = each.slot ? memory->text(each.slot->str()) : nullptr;
      file.label = memory->text(each.label.str());
      file.uri = memory->text(each.uri);
      file.sha256 = memory->text(each.sha256.str());
      file.bytes = each.size;
      file.stored = each.stored ? 1 : 0;
    }
    algoctl_uploaded uploaded{};
    uploaded.files = memory->file_list.data();
    uploaded.file_count = memory->file_list.size();
    uploaded.warnings = memory->list(done.warnings);
    uploaded.warning_count = done.warnings.size();
    answer(result, uploaded, std::move(memory));
  });
}

int algoctl_publish(algoctl_client* client, const algoctl_publish_options* options,
                    algoctl_published* result, algoctl_error** error) {
  return guarded(error, [&] {
    check_place(result);
    const PublishResult done = client_of(client).publish(publish_options(options));
    auto memory = std::make_unique<algoctl_memory>();
    algoctl_published published{};
    published.algorithm = memory->text(done.algorithm.str());
    published.version = memory->text(done.version.str());
    published.previous = memory->text(done.previous);
    published.sha256 = memory->text(done.manifest_sha256.str());
    published.channels = memory->list(done.channels);
    published.channel_count = done.channels.size();
    published.warnings = memory->list(done.warnings);
    published.warning_count = done.warnings.size();
    published.created = done.created ? 1 : 0;
    answer(result, published, std::move(memory));
  });
}

int algoctl_promote(algoctl_client* client, const algoctl_promote_options* options,
                    algoctl_promoted* result, algoctl_error** error) {
  return guarded(error, [&] {
    check_place(result);
    const ChannelResult done = client_of(client).promote(promote_options(options));
    auto memory = std::make_unique<algoctl_memory>();
    algoctl_promoted promoted{};
    promoted.algorithm = memory->text(done.algorithm.str());
    promoted.channel = memory->text(done.channel);
    promoted.version = memory->text(done.version.str());
    promoted.previous = memory->text(done.previous);
    promoted.warnings = memory->list(done.warnings);
    promoted.warning_count = done.warnings.size();
    promoted.moved = done.moved ? 1 : 0;
    promoted.held = done.held ? 1 : 0;
    answer(result, promoted, std::move(memory));
  });
}
