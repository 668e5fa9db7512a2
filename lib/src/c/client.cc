#include "c/client.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <memory>

#include "c/failure.h"
#include "c/memory.h"

namespace algoctl::c {
namespace {

/// Looks variables up in a copy of what was given.
auto variables_of(const char* const* environment) {
  auto copied = std::make_shared<std::map<std::string, std::string>>();
  for (; environment != nullptr && *environment != nullptr; ++environment) {
    const std::string text = *environment;
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos) continue;
    copied->emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return [copied](const std::string& name) -> std::optional<std::string> {
    const auto found = copied->find(name);
    return found == copied->end() ? std::nullopt : std::optional(found->second);
  };
}

ClientOptions client_options(const algoctl_client_options* given) {
  const algoctl_client_options o = read_struct(given);
  ClientOptions options;
  options.home = or_empty(o.home);
  options.registry = or_empty(o.registry);
  options.store = or_empty(o.store);
  options.cache = or_empty(o.cache);
  options.actor = or_empty(o.actor);
  if (o.cache_size != 0) options.cache_size = o.cache_size;
  if (o.timeout_ms != 0) {
    options.timeout = std::chrono::milliseconds(std::max<std::int64_t>(0, o.timeout_ms));
  }
  options.allow_network_filesystem = o.allow_network_filesystem != 0;
  options.variable = variables_of(o.environment);
  return options;
}

algoctl_resolved resolved(const VersionInfo& info, algoctl_memory& memory) {
  algoctl_resolved result{};
  result.algorithm = memory.text(info.algorithm.str());
  result.version = memory.text(info.version.str());
  result.sha256 = memory.text(info.manifest_sha256.str());
  result.previous = memory.text(info.previous);
  result.published_by = memory.text(info.published_by);
  result.notes = memory.text(info.notes);
  if (info.yank) {
    result.yank_reason = memory.text(info.yank->reason);
    result.yank_replacement = memory.text(info.yank->replacement);
  }
  result.time = info.published_at;
  return result;
}

algoctl_resolved resolved(const LabelInfo& info, algoctl_memory& memory) {
  algoctl_resolved result{};
  result.algorithm = memory.text(info.algorithm.str());
  result.sha256 = memory.text(info.sha256.str());
  result.time = info.moved_at;
  return result;
}

}  // namespace
}  // namespace algoctl::c

using namespace algoctl;
using namespace algoctl::c;

void algoctl_memory_free(algoctl_memory* memory) { delete memory; }

const char* algoctl_version(void) { return library_version(); }

int algoctl_client_open(const algoctl_client_options* options, algoctl_client** client,
                        algoctl_error** error) {
  return guarded(error, [&] {
    if (client == nullptr) throw Error(Code::usage, "no place for the client");
    *client = new algoctl_client{Client(client_options(options))};
  });
}

void algoctl_client_close(algoctl_client* client) { delete client; }

int algoctl_init(algoctl_client* client, const char* algorithm, const char* folder,
                 algoctl_error** error) {
  return guarded(error, [&] {
    client_of(client).init(Algorithm::parse(given(algorithm, "the algorithm")),
                           given(folder, "the folder"));
  });
}

int algoctl_resolve(algoctl_client* client, const char* reference, int prereleases,
                    algoctl_resolved* result, algoctl_error** error) {
  return guarded(error, [&] {
    check_place(result);
    const Reference wanted = Reference::parse(given(reference, "the reference"));
    auto memory = std::make_unique<algoctl_memory>();
    ResolveOptions options;
    options.prereleases = prereleases != 0;
    Client& from = client_of(client);
    const algoctl_resolved found =
        wanted.label() ? resolved(from.require_label(wanted.algorithm(), *wanted.label()), *memory)
                       : resolved(from.require(wanted, options), *memory);
    answer(result, found, std::move(memory));
  });
}

int algoctl_pull(algoctl_client* client, const char* reference, const algoctl_pull_options* options,
                 algoctl_pulled* result, algoctl_error** error) {
  return guarded(error, [&] {
    check_place(result);
    const algoctl_pull_options o = read_struct(options);
    PullOptions pull;
    for (const std::string& slot : texts(o.slots, o.slot_count, "a slot")) {
      pull.slots.push_back(Slot::parse(slot));
    }
    const std::string into = or_empty(o.into);
    if (!into.empty()) pull.into = std::filesystem::absolute(into).string();
    pull.prereleases = o.prereleases != 0;
    const PullResult got =
        client_of(client).pull(Reference::parse(given(reference, "the reference")), pull);
    auto memory = std::make_unique<algoctl_memory>();
    memory->pulled(got.algorithm, got.files);
    algoctl_pulled pulled{};
    pulled.algorithm = memory->text(got.algorithm.str());
    pulled.version = memory->text(got.version);
    pulled.folder = memory->text(got.folder);
    pulled.yank_reason = got.yank ? memory->text(got.yank->reason) : nullptr;
    pulled.files = memory->file_list.data();
    pulled.file_count = memory->file_list.size();
    answer(result, pulled, std::move(memory));
  });
}
