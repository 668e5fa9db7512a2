#include "client/arrival.h"

#include <fcntl.h>
#include <unistd.h>

#include "algoctl/error.h"
#include "base/below.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/process.h"
#include "client/label_rules.h"
#include "core/label_template.h"
#include "registry/objects.h"
#include "registry/roots.h"
#include "registry/uploads.h"
#include "store/remote/object_url.h"
#include "store/verify.h"

namespace algoctl {
namespace {

ObjectSource opened(const Incoming& incoming) {
  if (incoming.path == "-") return ObjectSource::stream(STDIN_FILENO, "standard input");
  ObjectSource source = ObjectSource::open(incoming.path);
  const std::string& root = incoming.root;
  if (!root.empty()) require_below(source.fd(), root, incoming.path.substr(root.size() + 1));
  return source;
}

}  // namespace

Arrival::Arrival(ClientState& state, const Algorithm& algorithm, const Incoming& incoming,
                 const UploadOptions& options, Taken taken)
    : state_(state), algorithm_(algorithm), incoming_(incoming), options_(options), taken_(taken) {
  if (ObjectUrl::matches(incoming.path)) {
    outside_.emplace(incoming.path, state.store_settings());
  } else {
    source_ = opened(incoming);
  }
}

void Arrival::check_label_early() {
  const bool settled = options_.expect || taken_ == Taken::refuse;
  if (!settled || label_needs_digest(incoming_.pattern) || !can_be_read_again()) return;
  const Label label = label_of(nullptr);
  std::optional<LabelInfo> there;
  state_.registry.read([&](Db& db) { there = label_now(db, algorithm_, label); });
  if (!there && (!options_.expect || !options_.expect->digest)) return;
  const Digest yours = digest_of_file(incoming_.path, state_.stamps, watched());
  check_label(there, label, yours, options_, taken_);
}

Transfer Arrival::transfer(std::function<void(const TransferOptions&)> run) const {
  return {incoming_.file_name, size(), std::move(run)};
}

void Arrival::look_up(const Store& store, const TransferOptions& options) {
  if (source_) {
    stored_ = store.known(*source_, options);
    if (stored_) {
      foretold_ = {stored_->digest, stored_->size};
    } else {
      foretold_ = store.foretell(*source_, options);
    }
  } else if (stays()) {
    const Transferred bytes = outside_->read(options);
    stored_ = {bytes.digest, bytes.size, false, ""};
  }
}

bool Arrival::is_done(Db& db) const { return stored_ && is_reached(db, stored_->digest); }

void Arrival::refer(Db& db) const {
  record_external(db, stored_->digest, stored_->size, outside_->url());
}

void Arrival::begin(Db& db) {
  intent_ = to_hex(random_bytes(16));
  begin_upload(db, intent_, this_process(), state_.now());
  if (foretold_) upload_expects(db, intent_, foretold_->digest, foretold_->size);
}

void Arrival::put(Store& store, const TransferOptions& options) {
  if (source_) {
    stored_ = store.put(*source_, intent_, options);
    return;
  }
  const Fd copy = copied(options);
  ObjectSource source = ObjectSource::stream(copy.get(), outside_->url());
  stored_ = store.put(source, intent_, options);
}

/// What is stored is one reading of it, which nobody else can change: a file without a name.
Fd Arrival::copied(const TransferOptions& options) const {
  const std::string folder = state_.store_settings().scratch;
  if (folder.empty()) {
    throw Error(Code::usage, "there is no cache folder to copy " + outside_->url() + " to",
                "set XDG_CACHE_HOME");
  }
  make_folders(folder);
  Fd copy = open_file(folder, O_TMPFILE | O_RDWR, 0600);
  static_cast<void>(outside_->copy(copy.get(), folder, options));
  return copy;
}

void Arrival::note(Db& db) const {
  if (stored_) upload_stored(db, intent_, stored_->digest, stored_->size);
}

void Arrival::put_again(Store& store, const TransferOptions& options) {
  source_ = opened(incoming_);
  put(store, options);
}

void Arrival::end(Db& db) const { end_upload(db, intent_); }

Arrived Arrival::arrived() const { return arrived(stored_.value()); }

Arrived Arrival::foresee() {
  const Transferred bytes = read();
  Arrived file = arrived({bytes.digest, bytes.size, false, ""});
  state_.registry.read([&](Db& db) {
    const auto now = label_now(db, algorithm_, file.label);
    check_label(now, file.label, file.sha256, options_, taken_);
  });
  return file;
}

Transferred Arrival::read() {
  if (outside_) return outside_->read(watched());
  const auto known = source_->stamp() ? state_.stamps.find(*source_->stamp()) : std::nullopt;
  return known ? Transferred{*known, size()} : hash_source(*source_, watched());
}

TransferOptions Arrival::watched() const { return watching(state_, incoming_.file_name, size()); }

Label Arrival::label_of(const Digest* sha256) const {
  LabelFacts facts{incoming_.file_name, state_.now(), sha256, options_.git_commit};
  const bool fields = incoming_.pattern.find('{') != std::string::npos;
  return Label::parse(fields ? expand_label(incoming_.pattern, facts) : incoming_.pattern);
}

Arrived Arrival::arrived(const Stored& stored) const {
  Label label = label_of(&stored.digest);
  if (taken_ == Taken::rename) {
    state_.registry.read([&](Db& db) {
      const auto there = label_now(db, algorithm_, label);
      if (there && there->sha256 != stored.digest) label = renamed(label, stored.digest);
    });
  }
  const auto external = stays() ? std::optional(outside_->url()) : std::nullopt;
  Arrived arrived{incoming_.slot, std::move(label), stored.digest, stored.size, stored.created};
  arrived.intent = intent_;
  arrived.held = stored_ && is_noted();
  arrived.warning = stored.warning;
  arrived.external = external;
  return arrived;
}

}  // namespace algoctl
