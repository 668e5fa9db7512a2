#include "client/state.h"

#include <utility>

#include "algoctl/error.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"
#include "client/probing.h"
#include "registry/settings.h"
#include "store/store_url.h"

namespace algoctl {
namespace {

constexpr std::int64_t kRestMs = 10'000;

constexpr const char* kStoreOfItsOwn =
    "name a store of its own with --store: that registry collects there what it does not need";
constexpr const char* kMoveOut =
    "it can be read from here, no more: that registry collects there what it does not need; move "
    "to a home with a store of its own with `algoctl export` and `algoctl import`";

/// The path of a registry that was named by path or URL.
std::string registry_file(const std::string& url) {
  for (const char* prefix : {"sqlite://", "sqlite:", "file://", "file:"}) {
    if (starts_with(url, prefix)) return absolute_path(url.substr(std::string(prefix).size()));
  }
  if (url.find("://") != std::string::npos) {
    throw Error(Code::usage, "no kind of registry answers to " + quoted(url),
                "name a SQLite file by its path or as sqlite:PATH");
  }
  return absolute_path(url);
}

RegistryOptions registry_options(const ClientOptions& options) {
  RegistryOptions registry;
  registry.may_make = options.registry.empty();
  if (registry.may_make && options.home.empty()) {
    throw Error(Code::usage, "neither a home nor a registry is named", "name one with --home");
  }
  registry.path = registry.may_make ? absolute_path(options.home) + "/registry.db"
                                    : registry_file(options.registry);
  registry.timeout = options.timeout;
  registry.allow_network_filesystem = options.allow_network_filesystem;
  registry.may_migrate = options.may_migrate;
  registry.stop = options.stop;
  return registry;
}

}  // namespace

std::string registry_path(const ClientOptions& options) { return registry_options(options).path; }

ClientState::ClientState(ClientOptions client_options)
    : options(std::move(client_options)),
      registry(registry_options(options)),
      commits(registry.path()),
      stamps(options.cache) {}

std::int64_t ClientState::now() const { return options.now ? options.now() : system_now_ms(); }

StoreSettings ClientState::store_settings() const {
  StoreSettings settings;
  settings.stamps = stamps;
  if (!options.cache.empty()) settings.scratch = absolute_path(options.cache) + "/transfers";
  settings.variable = options.variable;
  settings.timeout = options.timeout;
  settings.bytes_per_second = options.limit_rate;
  settings.pace = pace_;
  settings.stop = options.stop;
  settings.user_agent = std::string("algoctl/") + library_version();
  return settings;
}

std::string ClientState::store_place(const std::string& remembered) const {
  const bool relative = !starts_with(remembered, "/") && remembered.find(':') == std::string::npos;
  return relative ? folder_of(registry.path()) + "/" + remembered : remembered;
}

std::string ClientState::remembered_form(const std::string& place) const {
  const std::string folder = folder_of(registry.path()) + "/";
  for (const std::string& prefix : {std::string("file://") + folder, folder}) {
    if (starts_with(place, prefix)) return place.substr(prefix.size());
  }
  return place;
}

Store* ClientState::opened_store() const {
  const std::lock_guard lock(store_mutex_);
  return store_.get();
}

Store* ClientState::store() {
  if (Store* known = opened_store()) return known;
  // Without store_mutex_: whoever is in a transaction may ask for the store.
  std::optional<std::string> id;
  std::optional<std::string> url;
  registry.read([&](Db& db) {
    id = setting(db, "store_id");
    url = setting(db, "store_url");
  });
  if (!id || !url) return nullptr;
  auto opened =
      open_store(options.store.empty() ? store_place(*url) : options.store, store_settings());
  if (opened->id() != *id) {
    throw Error(Code::conflict,
                "store " + quoted(opened->url()) + " is not the registry's store\n  registry: " +
                    *id + " at " + store_place(*url) + "\n  this one: " + opened->id(),
                "leave out --store, or name the same store at its new place");
  }
  const std::lock_guard lock(store_mutex_);
  if (!store_) store_ = std::move(opened);
  return store_.get();
}

Store& ClientState::writable_store() {
  if (Store* known = store()) {
    require_own(*known, kMoveOut);
    return *known;
  }
  foresee_store();  // before a registry is made: none is left behind without a store
  std::string owner;
  registry.write([&](Db& db) { owner = setting(db, "registry_id").value_or(""); });
  const auto made = create_store(new_store_place(), owner, store_settings());
  require_own(*made, kStoreOfItsOwn);  // another registry may have been faster
  const std::string verdict = made->is_local() ? "" : try_new_store(*made);
  registry.write([&](Db& db) {
    if (setting(db, "store_id")) return;  // another process was faster
    set_setting(db, "store_id", made->id());
    set_setting(db, "store_url", remembered_form(made->url()));
    if (!verdict.empty()) set_setting(db, "store_probe", verdict);
  });
  return *store();
}

void ClientState::foresee_store() {
  if (Store* known = store()) return require_own(*known, kMoveOut);
  const auto found = algoctl::foresee_store(new_store_place(), store_settings());
  if (found) require_own(*found, kStoreOfItsOwn);
}

std::string ClientState::new_store_place() const {
  return options.store.empty() ? folder_of(registry.path()) + "/store" : options.store;
}

/// The registry's id is read last: where processes make registry and store at once, an owner that
/// was read before is there by now.
void ClientState::require_own(const Store& store, const std::string& hint) {
  std::string id;
  registry.read([&](Db& db) { id = setting(db, "registry_id").value_or(""); });
  if (store.owner() == id) return;
  throw Error(Code::conflict, store.url() + " belongs to another registry", hint);
}

/// A server is tried before it is trusted with the first object. Returns what is to be remembered.
std::string ClientState::try_new_store(const Store& store) {
  const auto findings = probe_store(store.url(), store_settings(), options.stop);
  require_needed(findings, store.url());
  const std::string lacks = what_it_lacks(findings);
  if (!lacks.empty() && options.warn) options.warn("store " + store.url() + ": " + lacks);
  return verdict_text(findings, now());
}

bool ClientState::is_store_here() {
  std::optional<std::string> url;
  registry.read([&](Db& db) { url = setting(db, "store_url"); });
  return !url || is_folder_url(options.store.empty() ? store_place(*url) : options.store);
}

std::optional<std::string> ClientState::store_id() {
  std::optional<std::string> id;
  registry.read([&](Db& db) { id = setting(db, "store_id"); });
  return id;
}

void ClientState::rest_store(const Error& failure) {
  const std::lock_guard lock(store_mutex_);
  store_failure_ = failure;
  rests_until_ = uptime_ms() + kRestMs;
}

std::optional<Error> ClientState::store_rests() const {
  const std::lock_guard lock(store_mutex_);
  return uptime_ms() < rests_until_ ? store_failure_ : std::nullopt;
}

std::vector<MirrorPlace> ClientState::mirrors() {
  std::vector<MirrorPlace> places;
  registry.read([&](Db& db) { places = mirrors_of(db); });
  return places;
}

Store& ClientState::mirror(const MirrorPlace& place) {
  {
    const std::lock_guard lock(store_mutex_);
    const auto known = mirrors_.find(place.id);
    if (known != mirrors_.end()) return *known->second;
  }
  auto opened = open_store(store_place(place.url), store_settings());
  if (opened->id() != place.id) {
    throw Error(Code::conflict,
                "store " + opened->url() + " is not the mirror that was there\n  before: " +
                    place.id + "\n  now:    " + opened->id(),
                "forget it with `algoctl mirror --forget URL`, or bring the mirror back");
  }
  const std::lock_guard lock(store_mutex_);
  return *mirrors_.emplace(place.id, std::move(opened)).first->second;
}

}  // namespace algoctl
