#pragma once

#include <cassert>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "algoctl/borrowing.h"
#include "algoctl/client.h"
#include "algoctl/reloader.h"

namespace algoctl {

/// A model that is borrowed: it is neither replaced nor destroyed under its holder, who gives it
/// back by ending. Neither copied nor moved; any number may nest. Must not outlive its Model.
template <typename T>
class Handle {
 public:
  explicit Handle(const Reloader& reloader) noexcept : borrowing_(reloader.current()) {}
  Handle(const Reloader& reloader, const Selector& selector, std::chrono::milliseconds limit) {
    reloader.take(borrowing_, selector, limit);
  }

  /// False only with Overlap::unload_then_load, while nothing is loaded.
  explicit operator bool() const noexcept { return borrowing_.snapshot() != nullptr; }

  const T& operator*() const noexcept { return *get(); }
  const T* operator->() const noexcept { return get(); }
  [[nodiscard]] const T* get() const noexcept {
    const Snapshot* const snapshot = borrowing_.snapshot();
    return snapshot == nullptr ? nullptr : static_cast<const T*>(snapshot->object);
  }

  /// What it was loaded from. Not of an empty one.
  [[nodiscard]] const ModelVersion& version() const noexcept {
    return borrowing_.snapshot()->version;
  }

 private:
  Borrowing borrowing_;
};

/// ReloadOptions, and what becomes of a model between loading and serving.
template <typename T>
struct ModelOptions : ReloadOptions {
  ModelOptions() = default;
  ModelOptions(ReloadOptions options) : ReloadOptions(std::move(options)) {}

  std::function<bool(const T&)> validate;  ///< false, or an exception: it is not served
  std::function<void(T&)> warm_up;         ///< the same for an exception
};

/// A model that follows a reference: a version range or a channel that moves, or a label that is
/// overwritten. A thread of its own asks, brings verified files, loads, validates, warms up and
/// swaps. Whatever fails, what was served last is served on, and it is tried again, later each
/// time. Going back to an older version is a change like any other.
///
///     algoctl::Model model(client, "acme/sentiment@stable",
///                          [](const algoctl::Files& files) { return load(files.path()); });
///     auto sentiment = model.get();
///     sentiment->predict(text);
///
/// Safe to use from any thread. After fork(2) the child has the last model but nobody who reloads:
/// there `get` and `share` work, and everything else throws Error{usage}.
template <typename T>
class Model {
 public:
  using Loader = std::function<T(const Files&)>;

  /// Returns when the first model is served. Throws Error when it cannot be: as `Client::pull`, and
  /// check_failed for what the loader, `validate` or `warm_up` threw. Uses a connection of its own,
  /// made as the client's was.
  Model(const Client& client, const Reference& reference, Loader load,
        const ModelOptions<T>& options = {})
      : reloader_(client.options(), reference, subject(std::move(load), options), options) {}
  Model(const Client& client, std::string_view reference, Loader load,
        const ModelOptions<T>& options = {})
      : Model(client, Reference::parse(reference), std::move(load), options) {}

  /// Cancels a reload under way, and waits for it. Models that others share are destroyed when the
  /// last of them ends, on a thread of their own.
  ~Model() { assert(!reloader_.borrowed() && "a handle outlives its algoctl::Model"); }
  Model(const Model&) = delete;
  Model& operator=(const Model&) = delete;

  /// The model that is served now. A few nanoseconds: no I/O, no lock, no waiting for a reload.
  /// Only a thread's first call may allocate.
  [[nodiscard]] Handle<T> get() const noexcept { return Handle<T>(reloader_); }

  /// The same for a caller who must not be answered by another model than one that satisfies
  /// `selector` as in `wait_for`: `>=1.3.0`. Throws Error{busy} when there is none within `limit`.
  [[nodiscard]] Handle<T> get(const Selector& selector, std::chrono::milliseconds limit) const {
    return Handle<T>(reloader_, selector, limit);
  }

  /// The same for somebody who keeps it for long: it may outlive the Model, and is destroyed on
  /// another thread than the last holder's. Null where a handle would be empty.
  [[nodiscard]] std::shared_ptr<const T> share() const {
    const std::shared_ptr<const void> shared = reloader_.share();
    return {shared, static_cast<const T*>(shared.get())};
  }

  /// What is served now: `1.3.0`, or `sha256:<hex>` of a label's bytes; empty for nothing.
  [[nodiscard]] std::string version() const {
    const Handle<T> handle = get();
    return handle ? handle.version().str() : "";
  }

  [[nodiscard]] ReloadStatus status() const { return reloader_.status(); }

  /// Waits until what is served satisfies `selector`: a version, a range, a digest; or, when it is
  /// the reference's own, is what the reference means now. False when it does not within `limit`.
  [[nodiscard]] bool wait_for(const Selector& selector, std::chrono::milliseconds limit) const {
    return reloader_.wait_for(selector, limit);
  }

  /// Asks now, and tries again now what failed. Returns at once.
  void reload_now() { reloader_.reload_now(); }

  /// What a Handle is made of, where `get` does not serve.
  [[nodiscard]] const Reloader& reloader() const noexcept { return reloader_; }

 private:
  static ReloadSubject subject(Loader load, const ModelOptions<T>& options) {
    ReloadSubject subject;
    subject.load = [load = std::move(load)](const Files& files) -> void* {
      return new T(load(files));
    };
    if (options.validate) {
      subject.validate = [validate = options.validate](const void* model) {
        return validate(*static_cast<const T*>(model));
      };
    }
    if (options.warm_up) {
      subject.warm_up = [warm_up = options.warm_up](void* model) {
        warm_up(*static_cast<T*>(model));
      };
    }
    subject.destroy = [](void* model) { delete static_cast<T*>(model); };
    return subject;
  }

  Reloader reloader_;
};

template <typename Reference, typename Load, typename... Options>
Model(const Client&, const Reference&, Load, const Options&...)
    -> Model<std::decay_t<std::invoke_result_t<Load, const Files&>>>;

}  // namespace algoctl
