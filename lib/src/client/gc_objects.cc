#include <algorithm>
#include <deque>
#include <map>
#include <optional>
#include <thread>

#include "algoctl/error.h"
#include "base/clock.h"
#include "base/text.h"
#include "client/gc_steps.h"
#include "registry/roots.h"
#include "store/cache.h"

namespace algoctl {
namespace {

// Under one write lock at a time, so that nobody waits long: a server takes its time to remove.
constexpr std::size_t kBatch = 200;
constexpr std::size_t kSmallBatch = 8;      // needs few pages of the log
constexpr std::int64_t kLongestTurn = 250;  // milliseconds, but for the removal that is under way
// Longer than whoever waits for the lock waits before asking again.
constexpr std::chrono::milliseconds kTurnOfOthers{5};

/// An object that nothing needs.
struct Garbage {
  Digest object;
  GcItem::Step step;
  std::int64_t size = 0;
  std::string why = "no version and no label needs it";
  std::int64_t left_at = 0;  ///< when the last label that is known left it
  std::optional<std::int64_t> trashed_at = {};
};

void freed_first(std::deque<Garbage>& due) {
  std::stable_partition(due.begin(), due.end(),
                        [](const Garbage& garbage) { return garbage.step == GcItem::Step::freed; });
}

/// What the collector finds out before it changes anything.
class GarbageSearch {
 public:
  GarbageSearch(Collection& gc, Store& store) : gc_(gc), store_(store) {
    gc.state.registry.read([&](Db& db) {
      reached_ = reached_objects(db, gc.ended);
      trash_ = trash_of(db, store.id());
    });
    store.list([&](const Digest& object) {
      listed_.push_back(object);
      if (!needs(object)) garbage_.emplace(object, Garbage{object, GcItem::Step::trashed});
    });
    std::sort(listed_.begin(), listed_.end());
    gc.state.registry.read(
        [&](Db& db) { visit_former_labels(db, [&](const FormerLabel& label) { judge(label); }); });
  }

  /// What is to be done now: out of the trash, which makes room, or into it.
  std::deque<Garbage> due() {
    std::deque<Garbage> due;
    for (auto& [object, garbage] : garbage_) {
      const auto trashed = trash_.find(object);
      if (trashed != trash_.end()) {
        if (gc_.state.now() - trashed->second < gc_.options.grace.count()) continue;
        garbage.step = GcItem::Step::freed;
        garbage.trashed_at = trashed->second;
        garbage.why += "; in the trash since " + format_time(trashed->second);
      }
      const auto entry = store_.look(object);
      if (!entry) continue;
      garbage.size = entry->size;
      garbage.left_at = std::max(garbage.left_at, entry->stored_at);
      due.push_back(std::move(garbage));
    }
    freed_first(due);
    return due;
  }

  /// What the trash speaks of but the store does not have: a removal whose rows were not written.
  [[nodiscard]] std::vector<Digest> ghosts() const {
    std::vector<Digest> ghosts;
    for (const auto& [object, since] : trash_) {
      if (!std::binary_search(listed_.begin(), listed_.end(), object)) ghosts.push_back(object);
    }
    return ghosts;
  }

 private:
  [[nodiscard]] bool needs(const Digest& object) const {
    return std::binary_search(reached_.begin(), reached_.end(), object);
  }

  /// A label that left an object says why nothing needs it, or is a reason to keep it.
  void judge(const FormerLabel& label) {
    const auto found = garbage_.find(label.object);
    if (found == garbage_.end()) return;
    const GcOptions& options = gc_.options;
    const bool lately =
        options.keep_for && label.left_at >= gc_.state.now() - options.keep_for->count();
    if (lately || (options.keep_last && label.rank <= *options.keep_last)) {
      garbage_.erase(found);
      return;
    }
    Garbage& garbage = found->second;
    if (label.left_at < garbage.left_at) return;
    garbage.left_at = label.left_at;
    garbage.why = label.uri + " was moved away from it at " + format_time(label.left_at);
  }

  Collection& gc_;
  Store& store_;
  std::vector<Digest> reached_;
  std::vector<Digest> listed_;
  std::map<Digest, std::int64_t> trash_;
  std::map<Digest, Garbage> garbage_;
};

/// Where the rows of a removed object have no room, the next collection forgets them.
enum class RowsOfFreed { forget, leave };

/// Says when a turn under the lock has lasted long enough.
class TurnTime {
 public:
  explicit TurnTime(const ClientState& state) : state_(state), began_(state.now()) {}
  /// Also when the clock was set back.
  [[nodiscard]] bool over() const { return std::abs(state_.now() - began_) >= kLongestTurn; }

 private:
  const ClientState& state_;
  std::int64_t began_;
};

/// The lock's queue is asked now and then: whoever asks again at once would always be first.
void let_others_in() { std::this_thread::sleep_for(kTurnOfOthers); }

/// What one turn under the lock came to.
struct Turn {
  std::size_t seen = 0;  ///< of the first that were due
  std::vector<Garbage> done = {};
};

/// Does what is due with the first objects, with `most` unless they take too long. Everybody who
/// names an object asks under the same lock whether it is there: so one that nothing needs now can
/// be removed now.
Turn apply(Collection& gc, Store& store, const std::deque<Garbage>& due, std::size_t most,
           RowsOfFreed rows = RowsOfFreed::forget) {
  Turn turn;
  gc.write([&](Db& db) {
    turn = {};
    const TurnTime time(gc.state);
    for (const Garbage& garbage : due) {
      if (turn.seen == most || (turn.seen > 0 && time.over())) break;
      ++turn.seen;
      if (is_reached(db, garbage.object)) continue;
      // Something needed it since, if only for a while: its grace begins anew.
      if (garbage.trashed_at &&
          trashed_since(db, garbage.object, store.id()) != garbage.trashed_at) {
        continue;
      }
      if (garbage.step == GcItem::Step::freed) {
        store.remove(garbage.object);
        if (rows == RowsOfFreed::forget) forget_object(db, garbage.object, store.id());
      } else {
        put_into_trash(db, garbage.object, store.id(), garbage.size, gc.state.now());
      }
      turn.done.push_back(garbage);
    }
  });
  return turn;
}

template <typename Garbages>
void tell(Collection& gc, const Garbages& garbage) {
  for (const Garbage& each : garbage) {
    gc.add({GcItem::Kind::object, each.step, each.object.str(), each.size, each.why});
  }
}

void forget_ghosts(Collection& gc, const Store& store, const std::vector<Digest>& ghosts) {
  if (gc.options.dry_run) return;
  std::size_t seen = 0;
  while (seen < ghosts.size()) {
    if (seen > 0) let_others_in();
    const std::size_t before = seen;
    gc.write([&](Db& db) {
      const TurnTime time(gc.state);
      for (seen = before; seen < ghosts.size(); ++seen) {
        if (seen > before && time.over()) break;
        const Digest& object = ghosts[seen];
        if (is_reached(db, object) || store.look(object)) continue;
        forget_object(db, object, store.id());
      }
    });
  }
}

/// One turn, which is told. What was seen to is taken out of `due`.
std::size_t take_turn(Collection& gc, Store& store, std::deque<Garbage>& due, std::size_t most,
                      RowsOfFreed rows = RowsOfFreed::forget) {
  const Turn turn = apply(gc, store, due, most, rows);
  tell(gc, turn.done);
  due.erase(due.begin(), due.begin() + static_cast<std::ptrdiff_t>(turn.seen));
  if (!due.empty()) let_others_in();
  return turn.done.size();
}

/// Does all that is due. What was done is taken out of `due`, also when it throws.
void apply_all(Collection& gc, Store& store, std::deque<Garbage>& due, std::size_t batch) {
  while (!due.empty()) take_turn(gc, store, due, batch);
}

/// On a full disk there may be no room for a note in the trash. Then the stamps go, which cost only
/// a reading; and what was garbage for longer than the grace goes at once, which needs no room.
void make_room(Collection& gc, std::deque<Garbage>& due) {
  Cache(gc.state.options.cache).drop_stamps();
  for (Garbage& garbage : due) {
    const bool long_ago = gc.state.now() - garbage.left_at >= gc.options.grace.count();
    if (long_ago) garbage.step = GcItem::Step::freed;
  }
  freed_first(due);
}

/// The last resort: what is to be freed is freed, without a word in the registry.
void free_bytes(Collection& gc, Store& store, std::deque<Garbage>& due, const Error& error) {
  std::size_t freed = 0;
  while (!due.empty() && due.front().step == GcItem::Step::freed) {
    const auto noted = std::find_if(due.begin(), due.end(), [](const Garbage& garbage) {
      return garbage.step != GcItem::Step::freed;
    });
    const auto most = static_cast<std::size_t>(noted - due.begin());
    freed += take_turn(gc, store, due, most, RowsOfFreed::leave);
  }
  if (freed == 0) return;
  gc.result.warnings.push_back("the registry still knows of " +
                               counted(static_cast<std::int64_t>(freed), "freed object") + ": " +
                               error.message());
}

void apply_somehow(Collection& gc, Store& store, std::deque<Garbage>& due) {
  try {
    return apply_all(gc, store, due, kBatch);
  } catch (const Error& error) {
    if (error.code() != Code::storage) throw;
  }
  make_room(gc, due);
  try {
    return apply_all(gc, store, due, kSmallBatch);
  } catch (const Error& error) {
    if (error.code() != Code::storage) throw;
    free_bytes(gc, store, due, error);
  }
  apply_all(gc, store, due, kSmallBatch);
}

}  // namespace

void collect_objects(Collection& gc, Store& store) {
  GarbageSearch search(gc, store);
  std::deque<Garbage> due = search.due();
  if (gc.options.dry_run) return tell(gc, due);
  apply_somehow(gc, store, due);
  if (gc.result.warnings.empty()) forget_ghosts(gc, store, search.ghosts());
}

}  // namespace algoctl
