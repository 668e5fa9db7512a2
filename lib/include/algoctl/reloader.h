#pragma once

#include <chrono>
#include <functional>
#include <memory>

#include "algoctl/borrowing.h"
#include "algoctl/client_options.h"
#include "algoctl/reference.h"
#include "algoctl/reload_options.h"

namespace algoctl {

/// What a Reloader does with models whose type it does not know. Called on its threads, one at a
/// time. What they throw is the failure of that version.
struct ReloadSubject {
  std::function<void*(const Files&)> load;          ///< returns a model, for `destroy`
  std::function<bool(const void* model)> validate;  ///< empty: all are good
  std::function<void(void* model)> warm_up;         ///< empty: none
  std::function<void(void* model)> destroy;         ///< must not throw
};

struct ReloaderState;

/// What is the same for models of all types: algoctl::Model adds the type. Its calls are described
/// there.
class ALGOCTL_EXPORT Reloader {
 public:
  Reloader(const ClientOptions& client, const Reference& reference, ReloadSubject subject,
           ReloadOptions options);
  ~Reloader();
  Reloader(const Reloader&) = delete;
  Reloader& operator=(const Reloader&) = delete;

  [[nodiscard]] const Current& current() const noexcept { return *current_; }
  [[nodiscard]] std::shared_ptr<const void> share() const;
  [[nodiscard]] ReloadStatus status() const;
  [[nodiscard]] bool wait_for(const Selector& selector, std::chrono::milliseconds limit) const;
  void take(Borrowing& borrowing, const Selector& selector, std::chrono::milliseconds limit) const;
  void reload_now();

  /// Whether somebody has a handle on a model of this one now.
  [[nodiscard]] bool borrowed() const noexcept;

 private:
  std::unique_ptr<ReloaderState> state_;
  const Current* current_;  ///< in `state_`
};

}  // namespace algoctl
