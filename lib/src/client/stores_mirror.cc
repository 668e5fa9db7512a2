#include <algorithm>
#include <chrono>
#include <exception>

#include "algoctl/client.h"
#include "algoctl/stores.h"
#include "base/hash.h"
#include "base/text.h"
#include "client/mirrors.h"
#include "client/objects.h"
#include "client/probing.h"
#include "client/state.h"
#include "registry/objects.h"
#include "registry/roots.h"
#include "registry/settings.h"
#include "store/store_url.h"

namespace algoctl {
namespace {

constexpr const char* kStaged = "mirror-";
constexpr std::int64_t kAbandonedMs = 24LL * 60 * 60 * 1000;

/// Brings one mirror up to date, or all of them.
class Mirroring {
 public:
  Mirroring(ClientState& state, const MirrorOptions& options,
            const std::function<void(const MirroredObject&)>& visit)
      : state_(state), options_(options), visit_(visit) {
    state.registry.read([&](Db& db) {
      registry_id_ = setting(db, "registry_id").value_or("");
      store_id_ = setting(db, "store_id");
      if (!store_id_) return;
      // What stays outside is nobody's to copy.
      const auto outside = external_places(db);
      needed_ = needed_objects(db, *store_id_);
      needed_.erase(std::remove_if(needed_.begin(), needed_.end(),
                                   [&](const NeededObject& each) {
                                     return !each.placed && outside.count(each.object) != 0;
                                   }),
                    needed_.end());
    });
  }

  std::vector<MirrorSum> run() {
    if (!options_.to.empty()) {
      add_mirror();
      return std::move(sums_);
    }
    std::exception_ptr failure;
    for (const MirrorPlace& place : state_.mirrors()) {
      try {
        bring_up_to_date(state_.mirror(place));
      } catch (const Error& error) {
        // The others first: one that is down must not keep them from being filled.
        if (error.code() == Code::interrupted) throw;
        if (!failure) failure = std::current_exception();
      }
    }
    if (failure) std::rethrow_exception(failure);
    return std::move(sums_);
  }

 private:
  void add_mirror() {
    auto store = find_store(options_.to, state_.store_settings());
    if (!store && options_.dry_run) {
      sums_.push_back({options_.to});
      for (const NeededObject& each : needed_) count({each.object, each.size, options_.to});
      return;
    }
    if (!store) {
      if (registry_id_.empty()) make_registry();
      store = create_store(options_.to, registry_id_, state_.store_settings());
      if (!store->is_local()) {
        require_needed(probe_store(options_.to, state_.store_settings(), state_.options.stop),
                       store->url());
      }
    }
    require_ours(*store);
    if (!options_.dry_run) remember(*store);
    bring_up_to_date(*store);
  }

  void make_registry() {
    state_.registry.write([&](Db& db) { registry_id_ = setting(db, "registry_id").value_or(""); });
  }

  /// Another registry would collect what it does not need; the store itself is no second copy.
  void require_ours(const Store& store) const {
    if (!store.is_writable()) return;
    if (store.id() == store_id_) {
      throw Error(Code::conflict,
                  store.url() + " is the registry's own store, or a copy with its id",
                  "name another place: `algoctl mirror` makes a store there");
    }
    state_.require_own(store,
                       "name another place: that registry collects there what it does not need");
  }

  void remember(const Store& store) {
    state_.registry.write([&](Db& db) {
      std::vector<MirrorPlace> mirrors = mirrors_of(db);
      const auto known = std::find_if(mirrors.begin(), mirrors.end(), [&](const MirrorPlace& each) {
        return each.id == store.id();
      });
      const MirrorPlace place{store.id(), state_.remembered_form(store.url())};
      if (known == mirrors.end()) {
        mirrors.push_back(place);
      } else if (known->url == place.url) {
        return;
      } else {
        *known = place;  // it was moved
      }
      set_mirrors(db, mirrors);
    });
  }

  void bring_up_to_date(Store& mirror) {
    sums_.push_back({mirror.url()});
    if (mirror.is_writable() && !options_.dry_run) sweep(mirror);
    for (const NeededObject& each : needed_) {
      if (mirror.has(each.object, each.size)) continue;
      if (!mirror.is_writable()) {
        ++sums_.back().missing;
        continue;
      }
      if (!options_.dry_run) copy(mirror, each);
      count({each.object, each.size, mirror.url()});
    }
  }

  void count(const MirroredObject& object) {
    ++sums_.back().copied;
    sums_.back().bytes += object.size;
    visit_(object);
  }

  /// What a killed run left in a folder; a server keeps parts, and the next run goes on with them.
  void sweep(Store& mirror) const {
    for (const Store::Staged& staged : mirror.staged()) {
      const bool old = staged.staged_at < state_.now() - kAbandonedMs;
      if (old && starts_with(staged.upload_id, kStaged)) mirror.discard(staged.upload_id);
    }
  }

  void copy(Store& mirror, const NeededObject& object) {
    TransferOptions options;
    options.stop = state_.options.stop;
    if (state_.options.progress) {
      options.progress = [&](std::int64_t done) {
        state_.options.progress({object.object.str(), done, object.size});
      };
    }
    std::optional<std::string> path;
    const auto own = [&]() -> Store& {
      return require_store(state_, "object " + object.object.str());
    };
    const bool there = read_from_any(state_, own, [&](const Store& store) {
      if (store.id() == mirror.id()) return false;
      path = object_in(state_, store, object.object, object.size, options);
      return path.has_value();
    });
    if (!there) {
      throw Error(Code::integrity, "object " + object.object.str() + " is not in the store",
                  "upload the file again, or bring it back from a copy: the same bytes mend it");
    }
    ObjectSource source = ObjectSource::open(*path, Watch::bytes);
    const Stored stored = mirror.put(source, kStaged + to_hex(random_bytes(16)), options);
    if (stored.digest == object.object) return;
    throw Error(Code::integrity, quoted_path(*path) + " changed while it was copied",
                "run it again");
  }

  ClientState& state_;
  const MirrorOptions& options_;
  const std::function<void(const MirroredObject&)>& visit_;
  std::string registry_id_;
  std::optional<std::string> store_id_;
  std::vector<NeededObject> needed_;
  std::vector<MirrorSum> sums_;
};

}  // namespace

std::vector<MirrorSum> Stores::mirror(const MirrorOptions& options,
                                      const std::function<void(const MirroredObject&)>& visit) {
  return Mirroring(*client_.state_, options, visit).run();
}

bool Stores::forget_mirror(const std::string& url, bool dry_run) {
  ClientState& state = *client_.state_;
  const auto is_it = [&](const MirrorPlace& each) {
    const std::string place = state.store_place(each.url);
    return each.url == url || place == url || place == file_url(url);
  };
  bool there = false;
  const auto forget = [&](Db& db) {
    std::vector<MirrorPlace> mirrors = mirrors_of(db);
    const auto found = std::find_if(mirrors.begin(), mirrors.end(), is_it);
    there = found != mirrors.end();
    if (!there || dry_run) return;
    mirrors.erase(found);
    set_mirrors(db, mirrors);
  };
  dry_run ? state.registry.read(forget) : state.registry.write(forget);
  return there;
}

}  // namespace algoctl
