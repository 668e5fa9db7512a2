#include "reload/readers.h"

#include <linux/membarrier.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <new>

namespace algoctl {
namespace {

// Of the whole process, and never freed: slots outlive their thread, for handles that do.
std::atomic<ReaderSlots*> all_slots{nullptr};

bool membarrier(int command) noexcept { return ::syscall(SYS_membarrier, command, 0, 0) == 0; }

/// True when this process may ask for a fence in all its threads.
bool can_fence_all() noexcept {
  static const bool can = membarrier(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED);
  return can;
}

bool idle(const ReaderSlots& slots) noexcept {
  for (const auto& slot : slots.slots) {
    if (slot.load() != nullptr) return false;
  }
  return true;
}

/// Slots of a thread that ended, or new ones.
ReaderSlots* take_slots() noexcept {
  for (ReaderSlots* slots = all_slots.load(); slots != nullptr; slots = slots->next) {
    bool taken = false;
    if (!idle(*slots) || !slots->taken.compare_exchange_strong(taken, true)) continue;
    return slots;
  }
  auto* const slots = new (std::nothrow) ReaderSlots(!can_fence_all());
  if (slots == nullptr) return nullptr;
  slots->next = all_slots.load();
  while (!all_slots.compare_exchange_weak(slots->next, slots)) {
  }
  return slots;
}

/// Gives a thread's slots back when it ends. A thread has one for each library and program that
/// keeps a pointer to its slots.
struct Owner {
  static constexpr int kPlaces = 8;
  ReaderSlots* slots = nullptr;
  ReaderSlots** places[kPlaces] = {};
  bool ended = false;

  ~Owner() {
    ended = true;
    for (ReaderSlots** place : places) {
      if (place != nullptr) *place = nullptr;
    }
    if (slots != nullptr) slots->taken.store(false);
  }
};

}  // namespace

ReaderSlots* reader_slots(ReaderSlots** own) noexcept {
  static thread_local Owner owner;
  // In a thread that is ending nothing would give them back: its handles are shares.
  if (owner.ended) return nullptr;
  if (owner.slots == nullptr) owner.slots = take_slots();
  for (ReaderSlots**& place : owner.places) {
    if (place != nullptr && place != own) continue;
    place = own;
    *own = owner.slots;
    break;
  }
  return owner.slots;
}

bool is_borrowed(const Snapshot* snapshot) noexcept {
  // Whoever announced it before is seen below; whoever did not will see that it was exchanged.
  if (can_fence_all() && !membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED)) return true;
  for (const ReaderSlots* slots = all_slots.load(); slots != nullptr; slots = slots->next) {
    for (const auto& slot : slots->slots) {
      if (slot.load() == snapshot) return true;
    }
  }
  return false;
}

Snapshot* Current::exchange(Snapshot* next) noexcept {
  while (busy_.exchange(true)) {
  }
  Snapshot* const before = snapshot_.exchange(next);
  busy_.store(false);
  return before;
}

Snapshot* Current::share() const noexcept {
  while (busy_.exchange(true)) {
  }
  Snapshot* const snapshot = snapshot_.load();
  if (snapshot != nullptr) snapshot->shares.fetch_add(1);
  busy_.store(false);
  return snapshot;
}

void Borrowing::give_back(const Snapshot* snapshot) noexcept {
  const_cast<Snapshot*>(snapshot)->shares.fetch_sub(1);
}

}  // namespace algoctl
