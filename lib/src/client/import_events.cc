#include "client/import_events.h"

#include <optional>
#include <utility>

#include "algoctl/error.h"
#include "algoctl/manifest.h"
#include "base/text.h"
#include "core/manifest_text.h"
#include "registry/channels.h"
#include "registry/journal_rows.h"
#include "registry/labels.h"
#include "registry/manifests.h"
#include "registry/notes.h"
#include "registry/objects.h"
#include "registry/versions.h"
#include "registry/yanks.h"

namespace algoctl {
namespace {

/// Does what the events of an archive say, one after the other.
class Replay {
 public:
  Replay(ClientState& state, Db& db, const ArchiveReader& archive, const ImportFacts& facts,
         const Algorithm& name)
      : db_(db),
        archive_(archive),
        facts_(facts),
        store_(state.writable_store()),
        row_(take_algorithm(db, name)),
        now_ms_(state.now()) {}

  void add(const JournalRow& row) {
    const Fate fate = facts_.fate_of(row);
    if (fate == Fate::declined) return decline(row);
    if (fate != Fate::brought) return;
    if (row.event == "publish") return publish(row);
    if (row.event == "label") return label(row);
    if (row.event == "rollback") return roll_back(row);
    append(row, imported(row));
    if (row.event == "annotate") set_note(db_, row_, version_of(row), row.name, row.new_value);
    if (row.event == "promote") push_channel(db_, row_, row.name, version_of(row));
    if (row.event == "hold") set_hold(db_, row_, row.name, row.why);
    if (row.event == "release") set_hold(db_, row_, row.name, std::nullopt);
    if (row.event == "unyank") clear_yank(db_, row_, version_of(row));
    if (row.event == "yank") {
      Yank yank{row.why, std::nullopt};
      if (!row.new_value.empty()) yank.replacement = Version::parse(row.new_value);
      set_yank(db_, row_, version_of(row), yank);
    }
  }

 private:
  static Event imported(const JournalRow& row) {
    Event event = event_of(row);
    event.origin = row.id();
    if (row.origin.empty()) event.origin_at = row.at;
    return event;
  }

  void append(const JournalRow& row, const Event& event) {
    append_event(db_, row_, event, row.who, now_ms_);
  }

  void decline(const JournalRow& row) {
    Event event = imported(row);
    event.kind = kElsewhere;
    append(row, event);
  }

  void publish(const JournalRow& row) {
    VersionInfo version = *facts_.fresh(row.version);
    const std::string bytes = archived_manifest(archive_, version);
    const std::string where = version.manifest_sha256.str();
    const Manifest manifest = Manifest::parse(bytes, where);
    for (const ModelFile& model : manifest.models) record(model.sha256);
    record_manifest(db_, version.manifest_sha256, Digest::of(manifest_essence(bytes, where)), bytes,
                    manifest);
    insert_version_row(db_, row_, version);
    Event event = imported(row);
    event.record = version.record.hex();
    append(row, event);
  }

  void label(const JournalRow& row) {
    const Digest object = Digest::parse(row.new_value);
    append(row, imported(row));
    // Collected where it comes from: the label moves on to another one later.
    if (archive_.layout().object(object) == nullptr && !object_size(db_, object)) return;
    record(object);
    point_label(db_, row_, Label::parse(row.name), object);
  }

  void roll_back(const JournalRow& row) {
    const std::vector<StackEntry> stack = channel_stack(db_, row_, row.name);
    const Version to = Version::parse(row.version);
    for (std::size_t depth = stack.empty() ? 0 : stack.size() - 1; depth > 0; --depth) {
      if (stack[depth - 1].version != to) continue;
      append(row, imported(row));
      return pop_channel(db_, row_, row.name, depth, version_of(row));
    }
    decline(row);  // what it passed over was left out: the channel names it already
  }

  void record(const Digest& object) {
    const ArchiveMember* member = archive_.layout().object(object);
    if (member == nullptr) return;  // known here before
    if (!store_.has(object, member->size)) {
      throw Error(Code::integrity, "object " + object.str() + " went away while it was imported",
                  "import the file again");
    }
    record_object(db_, object, member->size, store_.id());
  }

  VersionInfo version_of(const JournalRow& row) {
    auto version = exact_version(db_, row_, Version::parse(row.version));
    if (version) return *std::move(version);
    throw archive_.damaged("event " + std::to_string(row.seq) + " of " + row_.name.str() +
                           " comes before " + row.version + " is published");
  }

  Db& db_;
  const ArchiveReader& archive_;
  const ImportFacts& facts_;
  Store& store_;
  AlgorithmRow row_;
  std::int64_t now_ms_;
};

}  // namespace

void bring_events(ClientState& state, Db& db, const ArchiveReader& archive, std::size_t n,
                  const ImportFacts& facts) {
  Replay replay(state, db, archive, facts, archive.index().algorithms.at(n).name);
  read_history(
      archive, n, state.options.stop, [](const VersionInfo&) {},
      [&](const JournalRow& row) { replay.add(row); });
}

}  // namespace algoctl
