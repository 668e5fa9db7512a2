#include <algorithm>
#include <map>

#include "algoctl/client.h"
#include "base/text.h"
#include "client/explain.h"
#include "client/external.h"
#include "client/leftovers.h"
#include "client/repair.h"
#include "client/state.h"
#include "client/verify_objects.h"
#include "registry/audit.h"
#include "registry/labels.h"
#include "registry/manifests.h"
#include "registry/objects.h"
#include "registry/roots.h"
#include "registry/versions.h"

namespace algoctl {
namespace {

constexpr const char* kRegistry = "registry.db";

/// One verification, from the registry's pages to the objects' bytes.
class Verification {
 public:
  Verification(ClientState& state, const VerifyOptions& options,
               const std::function<void(const Fault&)>& visit)
      : state_(state),
        options_(options),
        visit_(visit),
        repair_(state, options.from, options.dry_run) {}

  VerifyResult run() {
    if (options_.reference) {
      state_.registry.read([&](Db& db) {
        judge(options_.reference->algorithm().str(), [&] { verify_reference(db); });
      });
    } else {
      state_.registry.read([&](Db& db) { verify_registry(db); });
    }
    mend_heads();
    verify_objects();
    if (!options_.reference) judge(kRegistry, [&] { look_for_leftovers(); });
    return result_;
  }

 private:
  void tell(const Fault& fault) {
    ++(fault.mended ? result_.mended : result_.faults);
    visit_(fault);
  }

  /// What cannot be read for what is written there is a fault as well, and the rest is looked at
  /// nevertheless.
  void judge(const std::string& name, const std::function<void()>& body) {
    try {
      body();
    } catch (const Error& error) {
      const Code code = error.code();
      if (code != Code::integrity && code != Code::usage && code != Code::internal) throw;
      tell({"registry-damaged", name, error.message(), false});
    }
  }

  Report reporter() {
    return [this](const std::string& kind, const std::string& name, const std::string& detail) {
      tell({kind, name, detail, false});
    };
  }

  void verify_algorithm(Db& db, const AlgorithmRow& algorithm) {
    const bool whole = audit_chain(db, algorithm, reporter());
    if (!whole) return;  // what follows from it cannot be judged
    audit_name(db, algorithm, reporter());
    std::vector<Fault> faults;
    audit_heads(db, algorithm,
                [&](const std::string& kind, const std::string& name, const std::string& detail) {
                  faults.push_back({kind, name, detail, false});
                });
    if (options_.repair && !faults.empty() && can_rebuild_heads(db, algorithm)) {
      to_rebuild_.emplace_back(algorithm.name, std::move(faults));
    } else {
      for (const Fault& fault : faults) tell(fault);
    }
  }

  void verify_registry(Db& db) {
    judge(kRegistry, [&] { audit_database(db, state_.registry.path(), reporter()); });
    if (state_.registry.exists()) judge(kRegistry, [&] { audit_schema(db, reporter()); });
    std::vector<std::string> names;
    judge(kRegistry, [&] { names = recorded_names(db); });
    for (const std::string& name : names) {
      judge(name, [&] {
        const AlgorithmRow algorithm = require_algorithm(db, Algorithm::parse(name));
        judge(name, [&] { verify_algorithm(db, algorithm); });
        audit_versions(db, algorithm, reporter());
      });
    }
  }

  void verify_reference(Db& db) {
    const Reference& reference = *options_.reference;
    const AlgorithmRow algorithm = require_algorithm(db, reference.algorithm());
    verify_algorithm(db, algorithm);
    if (const auto& label = reference.label()) {
      const auto info = find_label(db, algorithm, *label);
      if (!info) throw no_such_label(db, algorithm, *label);
      objects_.push_back({info->sha256, info->size});
      return;
    }
    const auto version = find_version(db, algorithm, reference.selector(), false);
    if (!version) throw no_such_version(db, algorithm, reference.selector());
    audit_version(db, *version, reporter());
    try {
      const Manifest manifest =
          Manifest::parse(manifest_bytes(db, version->manifest_sha256), version->version.str());
      for (const ModelFile& model : manifest.models) objects_.push_back({model.sha256, model.size});
    } catch (const Error&) {
      if (result_.faults == 0) throw;  // else it has been told
    }
  }

  void rebuild(const Algorithm& name) {
    state_.registry.write([&](Db& db) {
      const AlgorithmRow algorithm = require_algorithm(db, name);
      const bool whole = audit_chain(db, algorithm, [](auto&&...) {});
      if (whole && can_rebuild_heads(db, algorithm)) rebuild_heads(db, algorithm);
    });
  }

  void mend_heads() {
    for (auto& [name, faults] : to_rebuild_) {
      if (!options_.dry_run) rebuild(name);
      for (Fault& fault : faults) {
        fault.mended = true;
        tell(fault);
      }
    }
  }

  /// What is to be read: what the reference needs, what anything needs, or all that is there.
  std::vector<ObjectToCheck> find_objects(Store& store) {
    if (options_.reference) return std::move(objects_);
    std::vector<ObjectToCheck> objects;
    std::vector<NeededObject> needed;
    state_.registry.read([&](Db& db) { needed = needed_objects(db, store.id()); });
    for (const NeededObject& each : needed) {
      objects.push_back({each.object, each.size});
      if (!each.placed && !is_outside(store, each.object, each.size)) unplaced(store, each);
    }
    if (options_.all) add_unneeded(store, needed, objects);
    return objects;
  }

  static void add_unneeded(const Store& store, const std::vector<NeededObject>& needed,
                           std::vector<ObjectToCheck>& objects) {
    store.list([&](const Digest& object) {
      const bool is_needed = std::binary_search(
          needed.begin(), needed.end(), NeededObject{object, 0, false},
          [](const NeededObject& a, const NeededObject& b) { return a.object < b.object; });
      const auto entry = is_needed ? std::nullopt : store.look(object);
      if (entry) objects.push_back({object, entry->size});
    });
  }

  void unplaced(const Store& store, const NeededObject& object) {
    const bool mended = options_.repair && store.has(object.object, object.size);
    if (mended && !options_.dry_run) {
      state_.registry.write(
          [&](Db& db) { record_object(db, object.object, object.size, store.id()); });
    }
    tell({"placement-missing", object.object.str(), "the registry does not know where it is",
          mended});
  }

  void verify_objects() {
    Store* store = state_.store();
    if (store == nullptr) return judge(kRegistry, [&] { miss_store(); });
    std::vector<ObjectToCheck> objects;
    judge(kRegistry, [&] {
      state_.registry.read([&](Db& db) { outside_ = external_places(db); });
      objects = find_objects(*store);
    });
    result_.objects = static_cast<std::int64_t>(objects.size());
    for (const ObjectToCheck& object : objects) result_.bytes += object.size;
    const auto stored =
        std::stable_partition(objects.begin(), objects.end(), [&](const ObjectToCheck& object) {
          return is_outside(*store, object.object, object.size);
        });
    for (auto object = objects.begin(); object != stored; ++object) verify_outside(*store, *object);
    objects.erase(objects.begin(), stored);
    for (const ObjectFault& fault : check_objects(state_, *store, objects)) {
      if (fault.missing && !is_needed(fault.object.object)) continue;  // collected meanwhile
      const bool mended = options_.repair && repair_.mend(*store, fault.object);
      tell({fault.missing ? "object-missing" : "object-damaged", fault.object.object.str(),
            fault.detail, mended});
    }
  }

  /// A registry notes its store before the first object is there.
  void miss_store() {
    std::size_t needed = 0;
    state_.registry.read([&](Db& db) { needed = needed_objects(db, "").size(); });
    if (needed == 0) return;
    tell({"registry-damaged", kRegistry,
          "it does not say any more where its store is, which has to have " +
              counted(static_cast<std::int64_t>(needed), "object"),
          false});
  }

  [[nodiscard]] bool is_outside(const Store& store, const Digest& object, std::int64_t size) const {
    return outside_.count(object) != 0 && !store.has(object, size);
  }

  void verify_outside(Store& store, const ObjectToCheck& object) {
    try {
      check_external(state_, outside_.at(object.object), object.object,
                     {nullptr, state_.options.stop});
    } catch (const Error& error) {
      if (error.code() == Code::interrupted) throw;
      const bool known = error.code() == Code::integrity;
      const bool mended = known && options_.repair && repair_.mend(store, object);
      if (mended && !options_.dry_run) {
        state_.registry.write(
            [&](Db& db) { record_object(db, object.object, object.size, store.id()); });
      }
      tell({known ? "external-changed" : "external-unreachable", object.object.str(),
            error.message(), mended});
    }
  }

  bool is_needed(const Digest& object) {
    bool needed = false;
    state_.registry.read([&](Db& db) { needed = is_reached(db, object); });
    return needed;
  }

  /// Not wrong, but in the way of nobody but `gc`.
  void look_for_leftovers() {
    const std::size_t count = find_leftovers(state_, state_.store()).size();
    if (count == 0) return;
    result_.notes.push_back(counted(static_cast<std::int64_t>(count), "upload") +
                            (count == 1 ? " was" : " were") +
                            " abandoned; `algoctl gc` frees what is left");
  }

  ClientState& state_;
  const VerifyOptions& options_;
  const std::function<void(const Fault&)>& visit_;
  Repair repair_;
  std::vector<std::pair<Algorithm, std::vector<Fault>>> to_rebuild_;
  std::vector<ObjectToCheck> objects_;  // of the reference
  std::map<Digest, std::vector<std::string>> outside_;
  VerifyResult result_;
};

}  // namespace

VerifyResult Client::verify(const VerifyOptions& options,
                            const std::function<void(const Fault&)>& visit) {
  if (!options.from.empty() && !options.repair) {
    throw Error(Code::usage, "--from names copies for --repair", "add --repair");
  }
  return Verification(*state_, options, visit).run();
}

}  // namespace algoctl
