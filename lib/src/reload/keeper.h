#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>

#include "reload/loaded.h"

namespace algoctl {

/// A thread that destroys models which are not served any more, once nobody uses them, and tells
/// others how its reloader is doing. It goes on after its Keeper for as long as somebody uses one.
class Keeper {
 public:
  struct Work {
    std::function<void(void*)> destroy;  ///< of a model
    std::function<void()> report;        ///< empty: nobody is told; must not throw
    std::function<void()> withdraw;      ///< after the last report
    std::chrono::milliseconds heartbeat{10000};
  };

  explicit Keeper(Work work);
  /// Waits for nobody: what is in use is destroyed later.
  ~Keeper();
  Keeper(const Keeper&) = delete;
  Keeper& operator=(const Keeper&) = delete;

  /// Takes a model that nobody can newly borrow.
  void retire(std::unique_ptr<Loaded> loaded);

  /// The same, returning when it is destroyed, or `stop` is set.
  void retire_now(std::unique_ptr<Loaded> loaded, const std::atomic<bool>& stop);

  /// Returns when all retired models are destroyed that nobody uses: before another one is loaded.
  void make_room();

  /// Reports soon.
  void report_soon();

  /// Returns when a report that began after this call is done.
  void report_now();

  /// Whether somebody uses a retired model now.
  [[nodiscard]] bool in_use() const;

 private:
  struct Shared;
  static void run(const std::shared_ptr<Shared>& shared);

  std::shared_ptr<Shared> shared_;
};

}  // namespace algoctl
