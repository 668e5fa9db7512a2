#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "algoctl/client.h"
#include "algoctl/error.h"
#include "client/working_copy.h"
#include "registry/commit_watch.h"
#include "registry/mirrors.h"
#include "registry/registry.h"
#include "store/stamps.h"
#include "store/store.h"

namespace algoctl {

/// The absolute path of the registry that a client of these options uses. Throws Error{usage}.
std::string registry_path(const ClientOptions& options);

/// What the verbs of one Client share. As safe between threads as its parts: the registry takes
/// turns, the store is opened once under its own lock.
struct ClientState {
  explicit ClientState(ClientOptions client_options);

  [[nodiscard]] std::int64_t now() const;
  [[nodiscard]] RewriteOptions rewriting() const { return {options.timeout, options.stop}; }

  /// The registry's store, or nullptr while nothing was ever stored.
  /// Throws Error{conflict} when the options name another one than the registry remembers.
  Store* store();

  /// The registry's store, made and remembered when there is none. Writes the registry. Throws as
  /// require_own.
  Store& writable_store();

  /// Throws what writable_store would, as far as that can be told without writing.
  void foresee_store();

  /// Throws Error{conflict} for a store that belongs to another registry: what is put there for
  /// this one that registry collects, needed or not. `hint` says what to do instead.
  void require_own(const Store& store, const std::string& hint);

  /// The id of the registry's store, which is not opened for that; nullopt while there is none.
  std::optional<std::string> store_id();
  /// True when the store is a folder of this file system, or there is none. Opens nothing.
  bool is_store_here();

  /// Leaves the registry's store alone for a while because of a failure, which `store_rests`
  /// returns as long.
  void rest_store(const Error& failure);
  [[nodiscard]] std::optional<Error> store_rests() const;

  /// A mirror, opened once. Throws as open_store, and Error{conflict} when another store is there.
  Store& mirror(const MirrorPlace& place);
  /// The registry's mirrors, in their order.
  std::vector<MirrorPlace> mirrors();

  ClientOptions options;
  Registry registry;
  CommitWatch commits;
  Stamps stamps;

  /// What any store is opened with.
  [[nodiscard]] StoreSettings store_settings() const;

  /// A store inside the registry's folder is remembered relative to it, so that both can be moved.
  [[nodiscard]] std::string store_place(const std::string& remembered) const;
  [[nodiscard]] std::string remembered_form(const std::string& place) const;

 private:
  /// Where the store is to be that is not there yet.
  [[nodiscard]] std::string new_store_place() const;
  std::string try_new_store(const Store& store);
  [[nodiscard]] Store* opened_store() const;

  mutable std::mutex store_mutex_;  // never held while the registry is asked
  std::unique_ptr<Store> store_;
  std::map<std::string, std::unique_ptr<Store>> mirrors_;                   // by id
  std::shared_ptr<std::int64_t> pace_ = std::make_shared<std::int64_t>(0);  // of all stores
  std::optional<Error> store_failure_;
  std::int64_t rests_until_ = 0;  // of uptime_ms
};

}  // namespace algoctl
