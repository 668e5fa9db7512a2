#include "catalogue.h"

#include <algorithm>

#include "base/file.h"
#include "base/text.h"
#include "progress.h"
#include "signals.h"

namespace algoctl::cli {

namespace {

constexpr std::int64_t kCompletionPatience = 300;  // milliseconds
constexpr std::chrono::milliseconds kLockPatience{100};
constexpr std::size_t kMostVersions = 500;

}  // namespace

Catalogue::Catalogue(Context& ctx) : ctx_(ctx), end_ms_(steady_now_ms() + kCompletionPatience) {}

bool Catalogue::late() const { return steady_now_ms() > end_ms_; }

template <typename Body>
void Catalogue::look(Body body) {
  if (late()) return;
  try {
    body();
  } catch (const Error& error) {
    if (error.code() == Code::interrupted) throw;
  }
}

Client& Catalogue::client() {
  if (client_) return *client_;
  const Settings& settings = ctx_.settings();
  ClientOptions options;
  options.home = settings.home.value;
  options.registry = settings.registry.value;
  options.timeout = std::min(settings.wait, kLockPatience);
  options.allow_network_filesystem = settings.allow_network_filesystem.value == "true";
  options.may_migrate = false;
  options.stop = &stop_flag();
  return client_.emplace(std::move(options));
}

std::vector<Algorithm> Catalogue::algorithms() {
  std::vector<Algorithm> found;
  look([&] { found = client().algorithms(); });
  return found;
}

bool Catalogue::has(const Algorithm& algorithm) {
  const std::vector<Algorithm> known = algorithms();
  return std::find(known.begin(), known.end(), algorithm) != known.end();
}

std::optional<Algorithm> Catalogue::own_algorithm() {
  std::optional<Algorithm> found;
  look([&] { found = ctx_.own_algorithm(); });
  return found;
}

Catalogue::Offer Catalogue::offer(const Algorithm& algorithm, const std::string& prefix) {
  Offer found;
  look([&] {
    for (const ChannelInfo& channel : client().channels(algorithm)) {
      found.channels[channel.name] = channel.version.str();
    }
    client().versions(algorithm, [&](const VersionSummary& version) {
      const bool fits = starts_with(version.version.str(), prefix);
      if (fits && found.versions.size() < kMostVersions) found.versions.push_back(version);
      return !late();
    });
  });
  return found;
}

std::vector<LabelInfo> Catalogue::labels(const Algorithm& algorithm) {
  std::vector<LabelInfo> found;
  look([&] { found = client().labels(algorithm); });
  return found;
}

Catalogue::Slots Catalogue::slots_of(const std::string& reference) {
  Slots found;
  look([&] {
    const auto version = client().resolve(ctx_.reference(reference));
    if (!version) return;
    for (const ModelFile& model : client().manifest(version->manifest_sha256).models) {
      found.emplace_back(model.slot.str(), model.label.str());
    }
  });
  return found;
}

Catalogue::Slots Catalogue::own_slots() {
  Slots found;
  look([&] {
    const auto path = ctx_.find_manifest();
    const auto bytes = path ? read_file(*path, kLargestManifest) : std::nullopt;
    if (!bytes) return;
    const JsonNode root = parse_json(*bytes, *path);  // a draft: its models may not be complete
    const JsonNode* models = root.find("models");
    if (models == nullptr) return;
    for (const JsonMember& slot : models->members) {
      const JsonNode* uri = slot.value.find("uri");
      found.emplace_back(slot.key, uri == nullptr ? "" : uri->text);
    }
  });
  return found;
}

}  // namespace algoctl::cli
