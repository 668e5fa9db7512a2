#include "client/publish_request.h"

#include <set>

#include "algoctl/error.h"
#include "base/text.h"
#include "core/plan.h"
#include "registry/algorithms.h"
#include "registry/chain.h"
#include "registry/channels.h"
#include "registry/history.h"
#include "registry/version_rows.h"
#include "registry/versions.h"

namespace algoctl {
void check_publish_options(const PublishOptions& options) {
  const auto refuse = [](const std::string& what, const std::string& hint) {
    throw Error(Code::usage, what, hint);
  };
  if (!options.prerelease.empty()) check_series(options.prerelease);
  if (options.version &&
      (options.bump != Bump::unset || !options.prerelease.empty() || options.line)) {
    refuse("--version names the whole number", "leave out --bump, --pre and --line");
  }
  if (options.line && (options.bump == Bump::major || options.bump == Bump::minor)) {
    refuse("--line takes the next patch of its line", "leave out --bump, or use --bump patch");
  }
  for (const std::string& channel : options.channels) check_channel_name(channel);
  for (const auto& [key, value] : options.metadata) {
    if (key.empty()) refuse("--meta has no key: " + quoted("=" + value), "write --meta KEY=VALUE");
  }
}

Digest request_digest(const std::string& request, const PublishOptions& options) {
  std::string metadata;
  for (const auto& [key, value] : options.metadata) {
    metadata += digest_of_fields({key, value}).hex();
  }
  const std::string expect =
      options.expect ? (options.expect->version ? options.expect->version->str() : "none") : "";
  const std::string line =
      options.line ? std::to_string(options.line->major) + "." + std::to_string(options.line->minor)
                   : "";
  std::string channels;
  for (const std::string& channel : options.channels) channels += "," + channel;
  return digest_of_fields(
      {channels.empty() ? "algoctl.request/v1" : "algoctl.request/v1" + channels, request,
       std::to_string(static_cast<int>(options.bump)), text_of(options.version), options.prerelease,
       line, options.notes, expect, metadata, options.allow_duplicate ? "1" : "0",
       options.force ? "1" : "0"});
}

PublishResult answer_of(Db& db, const AlgorithmRow& algorithm, const Version& number,
                        const std::optional<Version>& previous, bool created,
                        const Digest& manifest) {
  PublishResult result{algorithm.name, number, previous, created, manifest, {}, {}};
  if (const auto there = exact_version(db, algorithm, number)) {
    result.channels = channels_naming(db, algorithm, *there);
  }
  return result;
}

PublishResult repeated_answer(Db& db, const AlgorithmRow& algorithm, const Answer& answer,
                              const PublishOptions& options) {
  PublishResult result{algorithm.name,
                       answer.version,
                       answer.previous,
                       answer.created,
                       answer.manifest_sha256,
                       {},
                       {},
                       true};
  if (answer.created) {
    // Nothing else could name what was just made.
    const std::set<std::string> moved(options.channels.begin(), options.channels.end());
    result.channels.assign(moved.begin(), moved.end());
    return result;
  }
  const std::int64_t then = event_at(db, algorithm, answer.at);
  for (const std::string& channel : channel_names(db, algorithm)) {
    const auto named = find_version_as_of(db, algorithm, Selector::parse(channel), false, then);
    if (named && named->version == answer.version) result.channels.push_back(channel);
  }
  return result;
}

bool key_is_known(ClientState& state, const Algorithm& algorithm, const PublishOptions& options) {
  bool known = false;
  if (options.idempotency_key.empty()) return known;
  state.registry.read([&](Db& db) {
    const auto row = find_algorithm(db, algorithm);
    known = row && has_answer(db, *row, options.idempotency_key);
  });
  return known;
}

std::optional<PublishResult> known_answer(ClientState& state, const Algorithm& name,
                                          const std::string& request,
                                          const PublishOptions& options) {
  std::optional<PublishResult> result;
  if (options.idempotency_key.empty()) return result;
  state.registry.read([&](Db& db) {
    const auto algorithm = find_algorithm(db, name);
    if (!algorithm) return;
    const auto answer =
        find_answer(db, *algorithm, options.idempotency_key, request_digest(request, options));
    if (!answer) return;
    result = repeated_answer(db, *algorithm, *answer, options);
  });
  return result;
}

}  // namespace algoctl
