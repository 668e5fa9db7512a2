#include <sys/statvfs.h>
#include <unistd.h>

#include "algoctl/client.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/filesystem.h"
#include "base/text.h"
#include "client/explain.h"
#include "client/leftovers.h"
#include "client/probing.h"
#include "client/state.h"
#include "registry/roots.h"
#include "registry/settings.h"
#include "store/cache.h"

namespace algoctl {
namespace {

constexpr std::int64_t kLittleRoom = std::int64_t{256} << 20;  // bytes
constexpr std::int64_t kClockSlackMs = 60000;

std::int64_t room_at(const std::string& path) {
  struct statvfs info {};
  if (::statvfs(existing_parent(path).c_str(), &info) != 0) return -1;
  return static_cast<std::int64_t>(info.f_bavail) * static_cast<std::int64_t>(info.f_frsize);
}

/// All that the doctor looks at, one subject after the other.
class Examination {
 public:
  Examination(ClientState& state, Client& client) : state_(state), client_(client) {}

  std::vector<Checkup> run() {
    look("registry", [this] { return registry(); });
    look("permissions", [this] { return permissions(); });
    look("file system", [this] { return filesystem(); });
    look("clock", [this] { return clock(); });
    look("store", [this] { return store(); });
    look("space", [this] { return space(); });
    look("cache", [this] { return cache(); });
    look("leftovers", [this] { return leftovers(); });
    return std::move(checkups_);
  }

 private:
  /// What one look finds; an error is a finding whose hint is the remedy.
  template <typename Look>
  void look(const std::string& subject, Look body) {
    Checkup checkup;
    try {
      checkup = body();
    } catch (const Error& error) {
      checkup.healthy = false;
      checkup.finding = error.message();
      checkup.remedy = error.hint().empty() ? "see the message" : error.hint();
    }
    checkup.subject = subject;
    checkups_.push_back(std::move(checkup));
  }

  static Checkup well(const std::string& finding) { return {"", true, finding, ""}; }
  static Checkup ill(const std::string& finding, const std::string& remedy) {
    return {"", false, finding, remedy};
  }

  Checkup registry() {
    const std::string& path = state_.registry.path();
    if (!state_.registry.exists()) {
      client_.algorithms();  // a registry that was named has to be there
      return well("none yet at " + path + "; the first command that writes makes it");
    }
    std::size_t count = 0;
    state_.registry.read([&](Db& db) { count = algorithm_names(db).size(); });
    return well(path + ", " + counted(static_cast<std::int64_t>(count), "algorithm"));
  }

  Checkup permissions() {
    const std::string& path = state_.registry.path();
    const std::string folder = existing_parent(folder_of(path));
    if (::access(folder.c_str(), W_OK) != 0) {
      return ill("this user may not write " + folder + ": commands that change something fail",
                 "let its owner give you the right to write, or name another --home");
    }
    if (state_.registry.exists() && ::access(path.c_str(), W_OK) != 0) {
      return ill("this user may not write " + path,
                 "share the home with a group: chgrp -R GROUP HOME, chmod -R g+rwX HOME, and "
                 "chmod g+s on its folders");
    }
    return well("this user may write " + folder);
  }

  Checkup filesystem() {
    const std::string place = existing_parent(folder_of(state_.registry.path()));
    if (const auto kind = network_filesystem(place)) {
      return ill("the registry lies on a network file system (" + *kind + ")",
                 "move the home to a local disk: SQLite's locks cannot be trusted there");
    }
    return well("the registry lies on a local one");
  }

  Checkup clock() {
    const std::int64_t now = state_.now();
    std::int64_t last = 0;
    state_.registry.read([&](Db& db) {
      for (const Algorithm& name : algorithm_names(db)) {
        last = std::max(last, require_algorithm(db, name).journal_at);
      }
    });
    if (last > now + kClockSlackMs) {
      return ill("the clock says " + format_time(now) + ", but the last event is from " +
                     format_time(last),
                 "set the clock; until then events are stamped with the time of the last one");
    }
    return well(format_time(now));
  }

  Checkup store() {
    const Store* store = state_.store();
    if (store == nullptr) return no_store();
    std::string id;
    std::string tried;
    state_.registry.read([&](Db& db) {
      id = setting(db, "registry_id").value_or("");
      tried = recalled(setting(db, "store_probe").value_or(""));
    });
    if (store->owner() != id) {
      return ill(store->url() + " belongs to another registry",
                 "let that one collect in it: `algoctl gc` leaves it alone from here");
    }
    return well(store->url() + (tried.empty() ? "" : ", " + tried));
  }

  Checkup no_store() {
    std::size_t needed = 0;
    state_.registry.read([&](Db& db) { needed = needed_objects(db, "").size(); });
    if (needed == 0) return well("none yet; the first upload makes it");
    return ill("the registry does not say any more where it is",
               "restore the registry from a backup; `algoctl verify` says what else is wrong");
  }

  Checkup space() {
    const std::string place = folder_of(state_.registry.path());
    const std::int64_t room = room_at(place);
    if (room >= 0 && room < kLittleRoom) {
      return ill(std::to_string(room) + " bytes are free in " + place,
                 "free what nothing needs with `algoctl gc`, or move the home to a larger disk");
    }
    return well(std::to_string(room) + " bytes are free in " + place);
  }

  Checkup cache() {
    const std::string& folder = state_.options.cache;
    if (folder.empty()) {
      return ill("there is no cache folder: every pull reads all bytes again",
                 "set XDG_CACHE_HOME or HOME");
    }
    const std::string parent = existing_parent(folder);
    if (::access(parent.c_str(), W_OK) != 0) {
      return ill("this user may not write " + parent, "name a folder with XDG_CACHE_HOME");
    }
    std::int64_t size = 0;
    std::int64_t broken = 0;
    for (const Cache::Entry& entry : Cache(folder).entries(false)) {
      size += entry.state.size;
      broken += entry.state.useless ? 1 : 0;
    }
    if (broken > 0) {
      return ill(counted(broken, "view") + " in " + folder + (broken == 1 ? " leads" : " lead") +
                     " to what is gone",
                 "remove with `algoctl gc` what serves nobody");
    }
    return well(folder + ", " + std::to_string(size) + " of at most " +
                std::to_string(state_.options.cache_size) + " bytes");
  }

  Checkup leftovers() {
    const std::size_t count = find_leftovers(state_, state_.store()).size();
    if (count > 0) {
      return ill(counted(static_cast<std::int64_t>(count), "upload") +
                     (count == 1 ? " was abandoned" : " were abandoned"),
                 "free what is left with `algoctl gc`");
    }
    return well("no upload was abandoned");
  }

  ClientState& state_;
  Client& client_;
  std::vector<Checkup> checkups_;
};

}  // namespace

std::vector<Checkup> Client::doctor() { return Examination(*state_, *this).run(); }

}  // namespace algoctl
