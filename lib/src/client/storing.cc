#include "client/storing.h"

#include <algorithm>
#include <map>

#include "algoctl/error.h"
#include "base/text.h"
#include "client/arrival.h"
#include "client/label_rules.h"
#include "client/transfers.h"
#include "registry/labels.h"
#include "registry/objects.h"
#include "registry/uploads.h"

namespace algoctl {
namespace {

constexpr int kTries = 3;

/// Files that share the transactions around them.
class Batch {
 public:
  Batch(ClientState& state, const Algorithm& algorithm)
      : state_(state), algorithm_(algorithm), store_(state.writable_store()) {}

  void add(Arrival file) {
    bytes_ += std::max<std::int64_t>(file.size(), 0);
    files_.push_back(std::move(file));
  }
  /// Their files are open all at once, and what they took is noted only in the end.
  [[nodiscard]] bool is_full() const {
    return files_.size() >= kMostInBatch || bytes_ >= kBytesInBatch;
  }

  std::vector<Arrived> store() {
    for (Arrival& file : files_) file.check_label_early();
    run([&](Arrival& file, const auto& options) { file.look_up(store_, options); }, all());
    const std::vector<Arrival*> begun = begin();
    try {
      run([&](Arrival& file, const auto& options) { file.put(store_, options); }, begun);
      std::vector<Arrival*> unnoted;
      for (Arrival* file : begun) {
        if (!file->is_noted()) unnoted.push_back(file);
      }
      note(unnoted);
      put_what_went_away(unnoted);
      return arrived();
    } catch (...) {
      forget(begun);
      throw;
    }
  }

 private:
  static constexpr std::size_t kMostInBatch = 512;
  static constexpr std::int64_t kBytesInBatch = std::int64_t{256} << 20U;

  std::vector<Arrival*> all() {
    std::vector<Arrival*> all;
    for (Arrival& file : files_) all.push_back(&file);
    return all;
  }

  void run(const std::function<void(Arrival&, const TransferOptions&)>& work,
           const std::vector<Arrival*>& files) {
    std::vector<Transfer> transfers;
    for (Arrival* file : files) {
      transfers.push_back(
          file->transfer([&work, file](const TransferOptions& options) { work(*file, options); }));
    }
    run_all(state_, &store_, transfers);
  }

  /// Those whose bytes are to be stored, now that a row says so of each, and where the others stay.
  std::vector<Arrival*> begin() {
    std::vector<Arrival*> begun;
    std::vector<Arrival*> staying;
    state_.registry.read([&](Db& db) {
      begun.clear();
      staying.clear();
      for (Arrival& file : files_) {
        if (file.stays()) {
          staying.push_back(&file);
        } else if (!file.is_done(db)) {
          begun.push_back(&file);
        }
      }
    });
    if (begun.empty() && staying.empty()) return begun;
    state_.registry.write([&](Db& db) {
      check_collision(db, algorithm_);
      for (const Arrival* file : staying) file->refer(db);
      for (Arrival* file : begun) file->begin(db);
    });
    return begun;
  }

  /// Until the note says which bytes they are, whoever collects may remove bytes that were there
  /// but that nothing needed; afterwards nobody does.
  void note(const std::vector<Arrival*>& files) {
    if (files.empty()) return;
    state_.registry.write([&](Db& db) {
      for (const Arrival* file : files) file->note(db);
    });
  }

  void put_what_went_away(const std::vector<Arrival*>& files) {
    std::vector<Arrival*> left;
    for (Arrival* file : files) {
      if (file->found_there() && file->can_be_read_again()) left.push_back(file);
    }
    for (int i = 0; i < kTries; ++i) {
      left = missing(left);
      if (left.empty()) return;
      run([&](Arrival& file, const auto& options) { file.put_again(store_, options); }, left);
      note(left);
    }
  }

  [[nodiscard]] std::vector<Arrival*> missing(const std::vector<Arrival*>& files) const {
    std::vector<Store::Wanted> wanted;
    for (const Arrival* file : files) wanted.push_back(file->bytes());
    std::vector<Arrival*> missing;
    for (const std::size_t i : store_.missing(wanted)) missing.push_back(files[i]);
    return missing;
  }

  std::vector<Arrived> arrived() {
    std::vector<Arrived> arrived;
    for (Arrival& file : files_) arrived.push_back(file.arrived());
    return arrived;
  }

  void forget(const std::vector<Arrival*>& files) noexcept {
    try {
      state_.registry.write([&](Db& db) {
        for (const Arrival* file : files) file->end(db);
      });
    } catch (const std::exception&) {
      // What is left are abandoned uploads: gc finds them.
    }
  }

  ClientState& state_;
  const Algorithm& algorithm_;
  Store& store_;
  std::vector<Arrival> files_;
  std::int64_t bytes_ = 0;
};

/// Of files with the same bytes the first that does not stay outside is the one that brought them,
/// whoever was quicker.
void credit_the_first(std::vector<Arrived>& files) {
  std::map<Digest, Arrived*> first;
  for (Arrived& file : files) {
    if (file.external) continue;
    Arrived* const before = first.emplace(file.sha256, &file).first->second;
    if (before != &file && file.stored) std::swap(before->stored, file.stored);
  }
}

/// Those whose bytes the store does not have, but is to have. `store` may be nullptr.
std::vector<std::size_t> missing_files(const Store* store, const std::vector<Arrived>& files) {
  std::vector<std::size_t> stored;
  std::vector<Store::Wanted> wanted;
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (files[i].external) continue;
    stored.push_back(i);
    wanted.push_back({files[i].sha256, files[i].size});
  }
  if (store == nullptr) return stored;
  std::vector<std::size_t> missing;
  for (const std::size_t i : store->missing(wanted)) missing.push_back(stored[i]);
  return missing;
}

/// Two files of one upload may share a label only when they are the same.
void check_labels_agree(const std::vector<Arrived>& files) {
  std::map<Label, Digest> seen;
  for (const Arrived& file : files) {
    const auto [first, fresh] = seen.emplace(file.label, file.sha256);
    if (fresh || first->second == file.sha256) continue;
    throw Error(Code::conflict,
                "two files have the label " + quoted(file.label.str()) +
                    "\n  first:  " + first->second.str() + "\n  second: " + file.sha256.str(),
                "upload them one by one, each with its own --as");
  }
}

/// Asked under the write lock, as whoever collects does: what is there now stays once it is named.
void require_there(Db& db, const Store& store, const std::vector<Arrived>& files) {
  std::vector<Arrived> unsure;
  for (const Arrived& file : files) {
    if (!file.held || !upload_holds(db, file.intent, file.sha256)) unsure.push_back(file);
  }
  const std::vector<std::size_t> missing = missing_files(&store, unsure);
  if (missing.empty()) return;
  const Arrived& file = unsure[missing.front()];
  throw Error(Code::storage,
              "object " + file.sha256.str() + " of label " + quoted(file.label.str()) +
                  " went away while it was uploaded",
              "run it again");
}

bool is_named(Db& db, const Algorithm& algorithm, const Arrived& file) {
  const auto there = label_now(db, algorithm, file.label);
  return there && there->sha256 == file.sha256;
}

}  // namespace

UploadedFile Arrived::answer(const Algorithm& algorithm, bool with_slot) const {
  return {with_slot ? slot : std::nullopt,
          data_uri(algorithm, label),
          label,
          sha256,
          size,
          stored,
          external};
}

ModelFile Arrived::model(const Algorithm& algorithm) const {
  return {slot.value(), algorithm, label, sha256, size};
}

void sweep_abandoned(ClientState& state, Store& store) {
  std::vector<AbandonedUpload> uploads;
  state.registry.read([&](Db& db) { uploads = abandoned_uploads(db, state.now()); });
  if (uploads.empty()) return;
  for (const AbandonedUpload& upload : uploads) store.discard(upload.id);
  state.registry.write([&](Db& db) {
    for (const AbandonedUpload& upload : uploads) end_upload(db, upload.id);
  });
}

std::vector<Arrived> store_files(ClientState& state, const Algorithm& algorithm,
                                 const std::vector<Incoming>& incoming,
                                 const UploadOptions& options, Taken taken) {
  std::vector<Arrived> files;
  try {
    sweep_abandoned(state, state.writable_store());
    for (auto item = incoming.begin(); item != incoming.end();) {
      Batch batch(state, algorithm);
      for (; item != incoming.end() && !batch.is_full(); ++item) {
        batch.add(Arrival(state, algorithm, *item, options, taken));
      }
      for (Arrived& file : batch.store()) files.push_back(std::move(file));
    }
    credit_the_first(files);
    check_labels_agree(files);
  } catch (...) {
    abandon_files(state, files);
    throw;
  }
  return files;
}

std::vector<Arrived> foresee_files(ClientState& state, const Algorithm& algorithm,
                                   const std::vector<Incoming>& incoming,
                                   const UploadOptions& options, Taken taken) {
  std::vector<Arrived> files;
  for (const Incoming& item : incoming) {
    files.push_back(Arrival(state, algorithm, item, options, taken).foresee());
  }
  for (const std::size_t i : missing_files(state.store(), files)) files[i].stored = true;
  check_labels_agree(files);
  return files;
}

void name_files(ClientState& state, const Algorithm& algorithm, const std::vector<Arrived>& files,
                const UploadOptions& options, Taken taken) {
  const Store& store = state.writable_store();
  bool done = true;
  state.registry.read([&](Db& db) {
    done = std::all_of(files.begin(), files.end(), [&](const Arrived& file) {
      return file.intent.empty() && is_named(db, algorithm, file);
    });
  });
  if (done) return;
  state.registry.write([&](Db& db) {
    AlgorithmRow row = take_algorithm(db, algorithm);
    for (const Arrived& file : files) {
      check_label(find_label(db, row, file.label), file.label, file.sha256, options, taken);
    }
    require_there(db, store, files);
    for (const Arrived& file : files) {
      if (file.external) {
        record_external(db, file.sha256, file.size, *file.external);
      } else {
        record_object(db, file.sha256, file.size, store.id());
      }
      move_label(db, row, file.label, file.sha256, state.options.actor, state.now());
      if (!file.intent.empty()) end_upload(db, file.intent);
    }
  });
}

void abandon_files(ClientState& state, const std::vector<Arrived>& files) noexcept {
  // Before the first was begun there may be no registry, and none is to be made now.
  if (files.empty()) return;
  try {
    state.registry.write([&](Db& db) {
      for (const Arrived& file : files) {
        if (!file.intent.empty()) end_upload(db, file.intent);
      }
    });
  } catch (const std::exception&) {
    // What is left are abandoned uploads: gc finds them.
  }
}

}  // namespace algoctl
