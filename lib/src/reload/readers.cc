#include "reload/readers.h"

#include <new>

namespace algoctl {
namespace {

// Of the whole process, and never freed: slots outlive their thread, for handles that do.
std::atomic<ReaderSlots*> all_slots{nullptr};

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
  auto* const slots = new (std::nothrow) ReaderSlots;
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
