#pragma once

#include <sys/types.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "algoctl/digest.h"
#include "algoctl/stores.h"
#include "http/link.h"
#include "store/source.h"
#include "store/store_settings.h"
#include "store/transfer.h"

namespace algoctl {

/// The mode of a file that is an object: nobody writes it any more.
constexpr mode_t kObjectMode = 0444;

/// The digest that a store writes as these 64 digits, or nullopt for what none has written.
std::optional<Digest> digest_of_hex(std::string_view hex);

/// What became of the bytes of an upload. They are durable.
struct Stored {
  Digest digest;
  std::int64_t size;    ///< bytes
  bool created;         ///< false when the store had them
  std::string warning;  ///< what a person should know, or empty
};

/// Keeps immutable bytes by their digest. Every function throws Error{storage} when the store
/// refuses, fails or cannot be reached: that is never the same as "not there". Safe to use from any
/// thread.
class Store {
 public:
  Store() = default;
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;
  virtual ~Store();

  /// 32 hexadecimal digits that this store got when it was made; moving it does not change them.
  [[nodiscard]] virtual std::string id() const = 0;
  /// The id of the registry that may collect here.
  [[nodiscard]] virtual std::string owner() const = 0;
  /// What opens it again. Free of secrets.
  [[nodiscard]] virtual std::string url() const = 0;

  /// False when it can only be read.
  [[nodiscard]] virtual bool is_writable() const noexcept { return true; }

  /// True when its objects are files that can be opened where they are.
  [[nodiscard]] virtual bool is_local() const noexcept = 0;

  /// Where an object's bytes are in this file system, unverified; nullopt when they are not there
  /// or the store is not in this file system.
  [[nodiscard]] virtual std::optional<std::string> local_path(const Digest& digest) const = 0;

  /// True when the object is there and has this size. Its bytes are not verified.
  [[nodiscard]] virtual bool has(const Digest& digest, std::int64_t size) const = 0;

  /// The places of those that `has` would deny, in order; asked side by side where that is quicker.
  struct Wanted {
    Digest digest;
    std::int64_t size;  ///< bytes
  };
  [[nodiscard]] virtual std::vector<std::size_t> missing(const std::vector<Wanted>& objects) const;

  /// How many transfers of so many bytes each are quicker side by side than one after another.
  [[nodiscard]] virtual int width(std::int64_t size) const noexcept;

  /// What `put` would come to, when the source is unchanged since it was last read and its bytes
  /// are here, verified and durable; nullopt otherwise. Reads nothing of the source, writes
  /// nothing.
  virtual std::optional<Stored> known(const ObjectSource& source,
                                      const TransferOptions& options = {}) const = 0;

  /// What `put` would store, from a store that must know it before it sends the first byte and can
  /// tell soon; nullopt from any other. May read the source, and leaves it at its beginning. Throws
  /// as copy_hashed.
  virtual std::optional<Transferred> foretell(ObjectSource& source,
                                              const TransferOptions& options = {}) const;

  /// Stores all bytes of `source`. `upload_id` ([a-z0-9-]) is unique: it names what a killed upload
  /// leaves behind. An object that is there is verified, and replaced when it is damaged. An
  /// unchanged file whose bytes are known to be there is not read. On failure nothing stays behind.
  /// Throws as copy_hashed.
  virtual Stored put(ObjectSource& source, const std::string& upload_id,
                     const TransferOptions& options = {}) = 0;

  /// Removes what an upload that will not go on left behind. Nothing there: nothing happens. Throws
  /// Error{storage}.
  virtual void discard(const std::string& upload_id) = 0;

  /// Calls `visit` for every object that is there, in no order.
  virtual void list(const std::function<void(const Digest&)>& visit) const = 0;

  /// An object as it lies there, unverified.
  struct Entry {
    std::int64_t size;       ///< bytes
    std::int64_t stored_at;  ///< milliseconds since 1970, UTC
  };
  [[nodiscard]] virtual std::optional<Entry> look(const Digest& digest) const = 0;

  /// Reads an object again, whatever was known of it. Throws Error{integrity} when it is not there,
  /// or is damaged.
  virtual void check(const Digest& digest, std::int64_t size,
                     const TransferOptions& options = {}) const = 0;

  /// Removes an object that nothing needs. Not there: nothing happens.
  virtual void remove(const Digest& digest) = 0;

  /// The uploads that left something behind or are under way, by id, and since when.
  struct Staged {
    std::string upload_id;
    std::int64_t size;       ///< bytes
    std::int64_t staged_at;  ///< milliseconds since 1970, UTC; of the last byte
    /// The id is what `put` was given. False: it is a server's own, and begun at `staged_at`; any
    /// upload may be the one that goes on with it.
    bool is_given = true;
  };
  [[nodiscard]] virtual std::vector<Staged> staged() const = 0;

  /// Writes the object into the new, empty file `to` (O_RDWR), verified, not durable yet. Throws
  /// Error{integrity} when it is not there, or is damaged; what was written then is the caller's to
  /// remove. `to_path` is what errors call the file.
  virtual void fetch(const Digest& digest, std::int64_t size, int to, const std::string& to_path,
                     const TransferOptions& options = {}) const = 0;

  /// A URL by which anybody can read the object, as `Bucket::link` gives it. Nobody looks whether
  /// it is there. Throws Error{usage} where there is no such thing, and for a lifetime that the
  /// server does not grant; Error{unauthorized}.
  [[nodiscard]] virtual http::Link link(const Digest& digest, std::chrono::seconds lifetime) const;
};

/// Opens a store by URL, or by the path of its folder. Throws Error{usage} for a URL that no kind
/// of store answers to, Error{storage} when there is no store, or one that is too new,
/// Error{unauthorized} when the server lets nobody in.
std::unique_ptr<Store> open_store(const std::string& url, const StoreSettings& settings);

/// The same, but nullptr when there is no store.
std::unique_ptr<Store> find_store(const std::string& url, const StoreSettings& settings);

/// Makes a store that `owner`, a registry's id, may collect in, or opens the one that is there,
/// whoever owns it. Throws as open_store.
std::unique_ptr<Store> create_store(const std::string& url, const std::string& owner,
                                    const StoreSettings& settings);

/// The store that create_store would open; nullptr where it would make one. Throws what that would,
/// as far as it can be told without writing.
std::unique_ptr<Store> foresee_store(const std::string& url, const StoreSettings& settings);

/// Tries what is at a URL; of a server that may have no store yet (`probe`), or of a store in a
/// folder. Throws as open_store.
std::vector<ProbeFinding> probe_store(const std::string& url, const StoreSettings& settings,
                                      const std::atomic<bool>* stop = nullptr);

}  // namespace algoctl
