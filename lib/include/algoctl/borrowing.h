#pragma once

#include <atomic>
#include <cstdint>
#include <utility>

#include "algoctl/export.h"
#include "algoctl/model_version.h"

namespace algoctl {

/// A loaded model, whatever its type. Made and destroyed by the library alone.
struct Snapshot {
  explicit Snapshot(ModelVersion from) : version(std::move(from)) {}

  void* object = nullptr;
  ModelVersion version;
  std::atomic<std::int64_t> shares{0};  ///< owners besides the Model; there is no use without one
};

/// What one thread is using, for the thread that wants to destroy something (hazard pointers:
/// M. Michael, "Hazard Pointers: Safe Memory Reclamation for Lock-Free Objects", 2004).
struct alignas(64) ReaderSlots {
  explicit ReaderSlots(bool all_fenced) noexcept : fenced(all_fenced) {}

  /// Says what is used before anything is read again. The thread that wants to destroy something
  /// makes all threads pass a fence (membarrier(2)) before it looks; where the system cannot do
  /// that each announcement is one.
  void announce(std::atomic<const Snapshot*>& slot, const Snapshot* snapshot) const noexcept {
    if (fenced) return slot.store(snapshot);
    slot.store(snapshot, std::memory_order_release);
    std::atomic_signal_fence(std::memory_order_seq_cst);
  }

  std::atomic<const Snapshot*> slots[7] = {};
  const bool fenced;
  std::atomic<bool> taken{true};  ///< by a thread that has not ended
  ReaderSlots* next = nullptr;
};

/// The calling thread's slots, or nullptr when there is no memory. `own` is where the caller keeps
/// the answer, of which the thread's end makes a nullptr again. Allocates at a thread's first call.
ALGOCTL_EXPORT ReaderSlots* reader_slots(ReaderSlots** own) noexcept;

/// Where a Model keeps the snapshot that it serves; nullptr while there is none. Safe to use from
/// any thread.
class ALGOCTL_EXPORT Current {
 public:
  [[nodiscard]] const Snapshot* load() const noexcept { return snapshot_.load(); }

  /// Returns the one before, which others may still be using.
  Snapshot* exchange(Snapshot* next) noexcept;

  /// The snapshot with one share more. Waits for an exchange under way, which takes nanoseconds.
  Snapshot* share() const noexcept;

 private:
  std::atomic<Snapshot*> snapshot_{nullptr};
  mutable std::atomic<bool> busy_{false};
};

/// Keeps the snapshot that was current from being destroyed. No lock, no allocation after a
/// thread's first one, unless the thread has seven others: then it takes a share.
class ALGOCTL_EXPORT Borrowing {
 public:
  Borrowing() = default;
  explicit Borrowing(const Current& current) noexcept { take(current); }
  ~Borrowing() { drop(); }

  /// Of one that has nothing.
  void take(const Current& current) noexcept {
    static thread_local ReaderSlots* own = nullptr;
    ReaderSlots* const slots = own != nullptr ? own : reader_slots(&own);
    if (slots != nullptr) {
      for (std::atomic<const Snapshot*>& slot : slots->slots) {
        if (slot.load(std::memory_order_relaxed) != nullptr) continue;
        // Announced first, then looked at again: whoever swaps looks at the slots after the swap.
        const Snapshot* seen = current.load();
        do {
          snapshot_ = seen;
          slots->announce(slot, seen);
          seen = current.load();
        } while (seen != snapshot_);
        slot_ = &slot;
        return;
      }
    }
    snapshot_ = current.share();
  }

  void drop() noexcept {
    if (slot_ != nullptr) {
      slot_->store(nullptr, std::memory_order_release);
    } else if (snapshot_ != nullptr) {
      give_back(snapshot_);
    }
    slot_ = nullptr;
    snapshot_ = nullptr;
  }

  Borrowing(const Borrowing&) = delete;
  Borrowing& operator=(const Borrowing&) = delete;

  [[nodiscard]] const Snapshot* snapshot() const noexcept { return snapshot_; }

 private:
  static void give_back(const Snapshot* snapshot) noexcept;

  const Snapshot* snapshot_ = nullptr;
  std::atomic<const Snapshot*>* slot_ = nullptr;  ///< none: the snapshot is shared
};

}  // namespace algoctl
