#include "context.h"

#include <pwd.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "progress.h"
#include "setting_values.h"
#include "signals.h"

namespace algoctl::cli {

namespace {

constexpr const char* kNoManifest = "there is no algorithm.json here or in a parent folder";

/// The user's name; the number when the system does not know it. Asked only for writing: it may
/// load name service modules.
std::string user_name() {
  const uid_t uid = ::geteuid();
  const passwd* entry = ::getpwuid(uid);
  return entry == nullptr ? std::to_string(uid) : entry->pw_name;
}

}  // namespace

Context::Context(std::string command, const GlobalOptions& globals,
                 const Surroundings& surroundings, Output& output, Console& console)
    : command_(std::move(command)),
      globals_(globals),
      folder_(surroundings.folder),
      settings_(resolve_settings(globals, surroundings)),
      output_(output),
      console_(console) {}

Context::~Context() {
  if (progress_) progress_->erase();
}

Client& Context::client() {
  if (!client_) client_ = std::make_unique<Client>(client_options());
  return *client_;
}

Client& Context::writing_client() {
  require_named_registry_in_ci(settings_);
  if (!writing_) client_.reset();
  writing_ = true;
  return client();
}

ClientOptions Context::client_options() {
  if (settings_.home.value.empty() && settings_.registry.value.empty()) {
    throw Error(Code::usage, "there is no home folder: HOME is not set",
                "name one with --home or ALGOCTL_HOME");
  }
  ClientOptions options;
  options.home = settings_.home.value;
  options.registry = settings_.registry.value;
  options.store = settings_.store.value;
  options.cache = settings_.cache.value;
  options.cache_size = parse_bytes(settings_.cache_size.value).value();
  options.timeout = settings_.wait;
  options.allow_network_filesystem = settings_.allow_network_filesystem.value == "true";
  options.limit_rate = parse_bytes(settings_.limit_rate.value).value();
  options.variable = real_surroundings().variable;
  options.stop = &stop_flag();
  options.warn = [this](const std::string& text) { warn(text); };
  if (writing_) options.actor = user_name();
  if (!globals_.quiet && !globals_.json && console_.look().terminal) {
    progress_ = std::make_unique<ProgressBar>(
        steady_now_ms, [this](const std::string& text) { console_.write(text); },
        console_.look().width);
    options.progress = [this](const Progress& progress) { progress_->update(progress); };
  }
  return options;
}

std::optional<std::string> Context::find_manifest() {
  if (settings_.manifest.named()) return settings_.manifest.value;
  return algoctl::find_manifest(folder_);
}

std::string Context::manifest() {
  if (auto path = find_manifest()) return *path;
  throw Error(Code::usage, kNoManifest,
              "make one with `algoctl init OWNER/NAME`, or name one with --manifest");
}

std::optional<Algorithm> Context::own_algorithm() {
  const auto path = find_manifest();
  if (!path) return std::nullopt;
  const auto bytes = read_file(*path, kLargestManifest);
  if (!bytes) throw Error(Code::usage, "there is no manifest " + quoted(*path));
  // Only the name: a manifest without models yet belongs to an algorithm all the same.
  const JsonNode root = parse_json(*bytes, *path);
  const JsonNode* name = root.find("name");
  if (name == nullptr || !name->is(JsonNode::Type::string)) {
    throw Error(Code::usage, json_place(*bytes, root.begin, *path) + ": the manifest has no name");
  }
  try {
    return Algorithm::parse(name->text);
  } catch (Error& error) {
    throw error.within(json_place(*bytes, name->begin, *path));
  }
}

Reference Context::reference(const std::string& text) {
  if (!starts_with(text, "@")) return Reference::parse(text);
  const auto own = own_algorithm();
  if (!own) {
    throw Error(Code::usage, quoted(text) + " means this folder's algorithm, and " + kNoManifest,
                "write OWNER/NAME" + text);
  }
  return Reference::parse(text, own);
}

std::string Context::lock_path() {
  const auto path = find_manifest();
  return in_folder(path ? parent_of(*path) : folder_, "algoctl.lock");
}

}  // namespace algoctl::cli
