#include "settings.h"

#include <algorithm>

#include "algoctl/error.h"
#include "base/json.h"
#include "base/text.h"
#include "setting_values.h"
#include "url.h"

namespace algoctl::cli {

namespace {

enum class ValueKind { path, url, seconds, bytes, boolean };

/// One setting, and the names that it has in each layer (nullptr: it has none there). Its key in a
/// configuration file is its own name.
struct SettingRow {
  Setting Settings::*setting;
  ValueKind kind;
  std::optional<std::string> GlobalOptions::*option;
  const char* variable;
};

constexpr SettingRow kSettingRows[] = {
    {&Settings::home, ValueKind::path, &GlobalOptions::home, "ALGOCTL_HOME"},
    {&Settings::registry, ValueKind::url, &GlobalOptions::registry, "ALGOCTL_REGISTRY"},
    {&Settings::store, ValueKind::url, &GlobalOptions::store, "ALGOCTL_STORE"},
    {&Settings::cache, ValueKind::path, nullptr, nullptr},
    {&Settings::cache_size, ValueKind::bytes, nullptr, "ALGOCTL_CACHE_SIZE"},
    {&Settings::trash_grace, ValueKind::seconds, nullptr, "ALGOCTL_TRASH_GRACE"},
    {&Settings::manifest, ValueKind::path, &GlobalOptions::manifest, "ALGOCTL_MANIFEST"},
    {&Settings::timeout, ValueKind::seconds, &GlobalOptions::timeout, "ALGOCTL_TIMEOUT"},
    {&Settings::limit_rate, ValueKind::bytes, &GlobalOptions::limit_rate, "ALGOCTL_LIMIT_RATE"},
    {&Settings::allow_network_filesystem, ValueKind::boolean, nullptr, nullptr},
};

JsonNode::Type json_type(ValueKind kind) {
  switch (kind) {
    case ValueKind::seconds:
    case ValueKind::bytes: return JsonNode::Type::number;
    case ValueKind::boolean: return JsonNode::Type::boolean;
    default: return JsonNode::Type::string;
  }
}

const char* json_type_name(ValueKind kind) {
  switch (kind) {
    case ValueKind::seconds:
    case ValueKind::bytes: return "a number";
    case ValueKind::boolean: return "true or false";
    default: return "a string";
  }
}

/// Applies one layer after the other, the weakest first.
class Layers {
 public:
  explicit Layers(const Surroundings& surroundings) : surroundings_(surroundings) {}

  Settings take() { return std::move(settings_); }

  void defaults();
  void files();
  void environment();
  void options(const GlobalOptions& options);

 private:
  /// Sets what `text` says, relative to `folder`. `place` is what errors begin with.
  void set(const SettingRow& row, const std::string& text, const std::string& folder,
           const std::string& source, const std::string& place);
  void file(const std::string& path);
  void member(const JsonMember& member, const std::string& bytes, const std::string& path);
  std::optional<std::string> variable(const std::string& name) const;
  /// An XDG base folder; one that is not absolute counts as unset, as that standard wants it.
  std::string base_folder(const char* name, const char* below_home) const;

  const Surroundings& surroundings_;
  Settings settings_;
};

std::optional<std::string> Layers::variable(const std::string& name) const {
  auto value = surroundings_.variable(name);
  return value && value->empty() ? std::nullopt : value;
}

std::string Layers::base_folder(const char* name, const char* below_home) const {
  if (const auto folder = variable(name); folder && starts_with(*folder, "/")) return *folder;
  const auto home = variable("HOME");
  return home ? *home + below_home : "";
}

void Layers::defaults() {
  const std::string data = base_folder("XDG_DATA_HOME", "/.local/share");
  const std::string cache = base_folder("XDG_CACHE_HOME", "/.cache");
  if (!data.empty()) settings_.home.value = data + "/algoctl";
  if (!cache.empty()) settings_.cache.value = cache + "/algoctl";
  settings_.timeout.value = "30";
  settings_.wait = std::chrono::seconds(30);
  settings_.trash_grace.value = "3600";
  settings_.cache_size.value = "10737418240";
  settings_.limit_rate.value = "0";
  settings_.allow_network_filesystem.value = "false";
  const auto ci = variable("CI");
  settings_.on_ci = ci && *ci != "false" && *ci != "0";
}

void Layers::files() {
  file("/etc/algoctl/config.json");
  const std::string user = base_folder("XDG_CONFIG_HOME", "/.config");
  if (!user.empty()) file(user + "/algoctl/config.json");
  for (std::string folder = surroundings_.folder; !folder.empty(); folder = parent_of(folder)) {
    const std::string path = in_folder(folder, ".algoctl.json");
    if (!surroundings_.read(path)) continue;
    file(path);
    break;
  }
}

void Layers::file(const std::string& path) {
  const auto bytes = surroundings_.read(path);
  if (!bytes) return;
  const JsonNode root = parse_json(*bytes, path);
  if (!root.is(JsonNode::Type::object)) {
    throw Error(Code::usage, json_place(*bytes, root.begin, path) + ": not a JSON object");
  }
  for (const JsonMember& each : root.members) member(each, *bytes, path);
}

void Layers::member(const JsonMember& member, const std::string& bytes, const std::string& path) {
  std::vector<std::string> known;
  for (const SettingRow& row : kSettingRows) {
    known.push_back((settings_.*row.setting).name);
    if (known.back() != member.key) continue;
    const std::string place = json_place(bytes, member.value.begin, path);
    if (!member.value.is(json_type(row.kind))) {
      throw Error(Code::usage,
                  place + ": " + quoted(member.key) + " must be " + json_type_name(row.kind));
    }
    return set(row, member.value.text, parent_of(path), path, place);
  }
  throw Error(Code::usage,
              json_place(bytes, member.key_begin, path) + ": unknown setting " + quoted(member.key),
              did_you_mean(member.key, known));
}

void Layers::environment() {
  for (const SettingRow& row : kSettingRows) {
    if (row.variable == nullptr) continue;
    const std::string source = std::string("environment ") + row.variable;
    if (const auto text = variable(row.variable)) {
      set(row, *text, surroundings_.folder, source, source);
    }
  }
}

void Layers::options(const GlobalOptions& options) {
  for (const SettingRow& row : kSettingRows) {
    if (row.option == nullptr || !(options.*row.option)) continue;
    const std::string& text = *(options.*row.option);
    std::string source = "option --" + (settings_.*row.setting).name;
    std::replace(source.begin(), source.end(), '_', '-');
    if (text.empty()) throw Error(Code::usage, source + " is empty");
    if (row.setting == &Settings::store && has_password(text)) {
      throw Error(Code::usage, source + ": a password does not belong in a store's URL",
                  "take it out: credentials come from the environment or from files");
    }
    if (row.kind == ValueKind::url && has_password(text)) {
      throw Error(Code::usage, source + ": a password does not belong on the command line",
                  std::string("put the URL into ") + row.variable + " or a configuration file");
    }
    set(row, text, surroundings_.folder, source, source);
  }
  if (options.allow_network_filesystem) {
    settings_.allow_network_filesystem.value = "true";
    settings_.allow_network_filesystem.source = "option --allow-network-filesystem";
  }
}

void Layers::set(const SettingRow& row, const std::string& text, const std::string& folder,
                 const std::string& source, const std::string& place) {
  if (text.empty()) return;
  Setting& setting = settings_.*row.setting;
  switch (row.kind) {
    case ValueKind::path: setting.value = path_in(folder, text); break;
    case ValueKind::url: setting.value = url_in(folder, text); break;
    case ValueKind::boolean: setting.value = text; break;
    case ValueKind::seconds: {
      const auto time = parse_seconds(text);
      if (!time) {
        throw Error(Code::usage, place + ": " + quoted(text) + " is not a number of seconds",
                    "write seconds alone, such as 30 or 0.5");
      }
      setting.value = text;
      if (row.setting == &Settings::timeout) settings_.wait = *time;
      break;
    }
    case ValueKind::bytes:
      if (!parse_bytes(text)) {
        throw Error(Code::usage, place + ": " + quoted(text) + " is not a number of bytes",
                    "write bytes alone, without a unit, such as 10485760 for 10 MiB");
      }
      setting.value = text;
      break;
  }
  setting.source = source;
}

}  // namespace

std::vector<const Setting*> Settings::all() const {
  std::vector<const Setting*> result;
  for (const SettingRow& row : kSettingRows) result.push_back(&(this->*row.setting));
  return result;
}

Settings resolve_settings(const GlobalOptions& options, const Surroundings& surroundings) {
  Layers layers(surroundings);
  layers.defaults();
  layers.files();
  layers.environment();
  layers.options(options);
  Settings settings = layers.take();
  // Without HOME there is still a place for the cache once a home is named.
  if (settings.cache.value.empty() && !settings.home.value.empty()) {
    settings.cache.value = settings.home.value + "/cache";
  }
  return settings;
}

void require_named_registry_in_ci(const Settings& settings) {
  if (!settings.on_ci || settings.home.named() || settings.registry.named()) return;
  throw Error(Code::usage,
              "CI is set and no registry is named: " + quoted(settings.home.value) +
                  " would vanish with this machine",
              "name one with --home, ALGOCTL_HOME, ALGOCTL_REGISTRY or .algoctl.json");
}

}  // namespace algoctl::cli
