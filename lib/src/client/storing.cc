#include "client/storing.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <map>

#include "algoctl/error.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/process.h"
#include "base/text.h"
#include "core/label_template.h"
#include "registry/labels.h"
#include "registry/objects.h"
#include "registry/roots.h"
#include "registry/uploads.h"
#include "store/remote/external_object.h"
#include "store/remote/object_url.h"
#include "store/verify.h"

namespace algoctl {
namespace {

constexpr int kTries = 3;

std::string shown(const LabelInfo& info) {
  return info.sha256.str() + " (" + format_time(info.moved_at) + ")";
}

Error label_taken(const LabelInfo& there, const Digest& yours) {
  return {Code::conflict,
          "label " + quoted(there.label.str()) + " already names other bytes\n  stored: " +
              shown(there) + "\n  yours:  " + yours.str(),
          "choose a new label with --as, or move this one with --replace"};
}

std::optional<LabelInfo> label_now(Db& db, const Algorithm& algorithm, const Label& label) {
  const auto row = find_algorithm(db, algorithm);
  return row ? find_label(db, *row, label) : std::nullopt;
}

/// `{stem}-{sha}{ext}` in the label's folder.
Label renamed(const Label& label, const Digest& sha256) {
  const std::string& text = label.str();
  const std::size_t name = text.rfind('/') + 1;  // npos + 1 is 0
  const LabelFacts facts{text.substr(name), 0, &sha256, {}};
  return Label::parse(text.substr(0, name) + expand_label("{stem}-{sha}{ext}", facts));
}

/// Throws Error{conflict} unless the label names what was expected, or what this very upload
/// brings: an earlier try did it then.
void check_expectation(const std::optional<LabelInfo>& there, const Label& label,
                       const Digest& yours, const ExpectedObject& expected) {
  const auto now = there ? std::optional(there->sha256) : std::nullopt;
  if (now == expected.digest || now == yours) return;
  throw Error(Code::conflict,
              "label " + quoted(label.str()) + " does not name what was expected\n  expected: " +
                  (expected.digest ? expected.digest->str() : "none") +
                  "\n  now:      " + (there ? shown(*there) : "none"),
              "look at what changed, then repeat with that --expect");
}

/// Throws Error{conflict} when the upload may not give the label these bytes.
void check_label(const std::optional<LabelInfo>& there, const Label& label, const Digest& yours,
                 const UploadOptions& options, Taken taken) {
  if (options.expect) check_expectation(there, label, yours, *options.expect);
  if (there && there->sha256 != yours && taken != Taken::move) throw label_taken(*there, yours);
}

/// The work on one file of an upload.
class Arrival {
 public:
  Arrival(ClientState& state, const Algorithm& algorithm, const Incoming& incoming,
          const UploadOptions& options, Taken taken)
      : state_(state),
        algorithm_(algorithm),
        incoming_(incoming),
        options_(options),
        taken_(taken) {
    if (ObjectUrl::matches(incoming.path)) {
      outside_.emplace(incoming.path, state.store_settings());
    } else {
      source_ = incoming.path == "-" ? ObjectSource::stream(STDIN_FILENO, "standard input")
                                     : ObjectSource::open(incoming.path);
    }
  }

  Arrived store() {
    if (outside_ && !options_.copy) return refer();
    check_label_early();
    Store& store = state_.writable_store();
    if (outside_) copy_here();
    const auto known = store.known(*source_, watched());
    if (known && is_needed(known->digest)) return arrived(known->digest, known->size, false, "");
    const std::string intent = to_hex(random_bytes(16));
    state_.registry.write([&](Db& db) {
      check_collision(db, algorithm_);
      begin_upload(db, intent, this_process(), state_.now());
      // From here on nobody collects bytes that were there but that nothing needed.
      if (known) upload_stored(db, intent, known->digest, known->size);
    });
    try {
      const Stored stored = put_and_note(store, intent);
      Arrived file = arrived(stored.digest, stored.size, stored.created, intent);
      file.warning = stored.warning;
      return file;
    } catch (...) {
      forget(intent);
      throw;
    }
  }

  Arrived foresee() {
    const Transferred bytes = read();
    const bool stays = outside_ && !options_.copy;
    Store* store = state_.store();
    const bool there = store != nullptr && store->has(bytes.digest, bytes.size);
    Arrived file = stays ? staying(bytes) : arrived(bytes.digest, bytes.size, !there, "");
    state_.registry.read([&](Db& db) {
      const auto now = label_now(db, algorithm_, file.label);
      check_label(now, file.label, file.sha256, options_, taken_);
    });
    return file;
  }

 private:
  /// Notes where the bytes are, before anything names them; they stay there.
  Arrived refer() {
    const Transferred bytes = outside_->read(watched());
    state_.registry.write([&](Db& db) {
      check_collision(db, algorithm_);
      record_external(db, bytes.digest, bytes.size, outside_->url());
    });
    return staying(bytes);
  }

  Arrived staying(const Transferred& bytes) {
    Arrived file = arrived(bytes.digest, bytes.size, false, "");
    file.external = outside_->url();
    return file;
  }

  /// What is stored is one reading of it, which nobody else can change.
  void copy_here() {
    const std::string folder = state_.store_settings().scratch;
    if (folder.empty()) {
      throw Error(Code::usage, "there is no cache folder to copy " + outside_->url() + " to",
                  "set XDG_CACHE_HOME");
    }
    make_folders(folder);
    copy_ = open_file(folder, O_TMPFILE | O_RDWR, 0600);
    static_cast<void>(outside_->copy(copy_.get(), folder, watched()));
    source_ = ObjectSource::stream(copy_.get(), outside_->url());
  }

  Transferred read() {
    if (outside_) return outside_->read(watched());
    const auto known =
        source_->stamp() ? state_.stamps.find(*source_->stamp()) : std::optional<Digest>();
    return known ? Transferred{*known, source_->stamp()->size} : hash_source(*source_, watched());
  }

  /// Until the note says which bytes they are, whoever collects may remove bytes that were there
  /// but that nothing needed; afterwards nobody does.
  Stored put_and_note(Store& store, const std::string& intent) {
    Stored stored = store.put(*source_, intent, watched());
    const auto note = [&](Db& db) { upload_stored(db, intent, stored.digest, stored.size); };
    state_.registry.write(note);
    // A stream cannot be read again: of it `name_files` says that it went away.
    for (int i = 0; i < kTries && source_->stamp() && !store.has(stored.digest, stored.size); ++i) {
      ObjectSource again = ObjectSource::open(incoming_.path);
      stored = store.put(again, intent, watched());
      state_.registry.write(note);
    }
    return stored;
  }

  bool is_needed(const Digest& object) {
    bool needed = false;
    state_.registry.read([&](Db& db) { needed = is_reached(db, object); });
    return needed;
  }

  TransferOptions watched() {
    TransferOptions watch;
    watch.stop = state_.options.stop;
    if (state_.options.progress) {
      const std::int64_t total = source_ && source_->stamp() ? source_->stamp()->size : -1;
      watch.progress = [this, total](std::int64_t done) {
        state_.options.progress({incoming_.file_name, done, total});
      };
    }
    return watch;
  }

  /// What the label names already is compared before anything is stored. Costs a second reading
  /// only where the bytes turn out to be others.
  void check_label_early() {
    const bool settled = options_.expect || taken_ == Taken::refuse;
    if (!settled || label_needs_digest(incoming_.pattern)) return;
    if (!source_ || !source_->stamp()) return;
    const Label label = label_of(nullptr);
    std::optional<LabelInfo> there;
    state_.registry.read([&](Db& db) { there = label_now(db, algorithm_, label); });
    if (!there && (!options_.expect || !options_.expect->digest)) return;
    const Digest yours = digest_of_file(incoming_.path, state_.stamps, watched());
    check_label(there, label, yours, options_, taken_);
  }

  Label label_of(const Digest* sha256) {
    LabelFacts facts{incoming_.file_name, state_.now(), sha256, options_.git_commit};
    const bool fields = incoming_.pattern.find('{') != std::string::npos;
    return Label::parse(fields ? expand_label(incoming_.pattern, facts) : incoming_.pattern);
  }

  Arrived arrived(const Digest& digest, std::int64_t size, bool created, std::string intent) {
    Label label = label_of(&digest);
    if (taken_ == Taken::rename) {
      state_.registry.read([&](Db& db) {
        const auto there = label_now(db, algorithm_, label);
        if (there && there->sha256 != digest) label = renamed(label, digest);
      });
    }
    return {incoming_.slot, std::move(label), digest, size, created, std::move(intent), ""};
  }

  void forget(const std::string& intent) noexcept {
    try {
      state_.registry.write([&](Db& db) { end_upload(db, intent); });
    } catch (const std::exception&) {
      // What is left is an abandoned upload: gc finds it.
    }
  }

  ClientState& state_;
  const Algorithm& algorithm_;
  const Incoming& incoming_;
  const UploadOptions& options_;
  Taken taken_;
  std::optional<ExternalObject> outside_;  // of a URL
  Fd copy_;                                // of its bytes, a file without a name
  std::optional<ObjectSource> source_;     // what is stored
};

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
void require_there(const Store& store, const Arrived& file) {
  if (store.has(file.sha256, file.size)) return;
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
    for (const Incoming& item : incoming) {
      files.push_back(Arrival(state, algorithm, item, options, taken).store());
    }
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
      if (file.external) {
        record_external(db, file.sha256, file.size, *file.external);
      } else {
        require_there(store, file);
        record_object(db, file.sha256, file.size, store.id());
      }
      move_label(db, row, file.label, file.sha256, state.options.actor, state.now());
      if (!file.intent.empty()) end_upload(db, file.intent);
    }
  });
}

void abandon_files(ClientState& state, const std::vector<Arrived>& files) noexcept {
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
