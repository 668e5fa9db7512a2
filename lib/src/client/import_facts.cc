#include "client/import_facts.h"

#include "algoctl/error.h"
#include "base/text.h"
#include "registry/channels.h"
#include "registry/journal_rows.h"
#include "registry/labels.h"
#include "registry/objects.h"
#include "registry/versions.h"

namespace algoctl {
namespace {

bool is_of_channel(const JournalRow& row) {
  return row.event == "promote" || row.event == "rollback" || row.event == "hold" ||
         row.event == "release";
}

}  // namespace

ImportFacts::ImportFacts(Db& db, const ArchiveReader& archive, std::size_t n,
                         const std::atomic<bool>* stop)
    : db_(db),
      archive_(archive),
      name_(archive.index().algorithms.at(n).name),
      row_(find_algorithm(db, name_)) {
  check_collision(db, name_);
  read_history(
      archive, n, stop, [&](const VersionInfo& version) { look_at_version(version); },
      [&](const JournalRow& row) { look_at_event(row); });
  // What becomes of an event may depend on later ones of its label or channel.
  read_history(
      archive, n, stop, [](const VersionInfo&) {},
      [&](const JournalRow& row) {
        const Fate fate = fate_of(row);
        news_ = news_ || fate == Fate::brought || fate == Fate::declined;
      });
}

void ImportFacts::look_at_version(const VersionInfo& version) {
  const auto here = row_ ? exact_version(db_, *row_, version.version) : std::nullopt;
  if (here && here->manifest_sha256 != version.manifest_sha256) {
    throw Error(Code::conflict,
                name_.str() + "@" + version.version.str() +
                    " is here with another manifest\n  here:   " + here->manifest_sha256.str() +
                    "\n  export: " + version.manifest_sha256.str(),
                "nothing was imported; use another --home, or export other versions");
  }
  versions_.push_back({name_, version.version, !here});
  if (!here) fresh_.emplace(version.version.str(), version);
}

void ImportFacts::look_at_event(const JournalRow& row) {
  const bool seen = is_seen(row);
  if (row.event == "label") look_at_label(row, seen);
  if (is_of_channel(row)) look_at_channel(row, seen);
}

void ImportFacts::look_at_label(const JournalRow& row, bool seen) {
  const auto [found, first] = labels_.try_emplace(row.name);
  LabelFacts& facts = found->second;
  const Label label = Label::parse(row.name);
  if (first && row_) {
    if (const auto there = find_label(db_, *row_, label)) {
      facts.here = true;
      facts.object_here = there->sha256.str();
      facts.event_here = label_event_id(db_, *row_, label);
    }
  }
  const Digest object = Digest::parse(row.new_value);
  const bool had = archive_.layout().object(object) != nullptr || object_size(db_, object);
  if (had) facts.last = row.seq;
  facts.object_there = object.str();
  facts.forwards = facts.forwards || row.id() == facts.event_here;
  facts.unseen = facts.unseen || !seen;
}

void ImportFacts::look_at_channel(const JournalRow& row, bool seen) {
  const auto [found, first] = channels_.try_emplace(row.name);
  ChannelFacts& facts = found->second;
  if (first && row_) {
    if (const auto there = find_channel(db_, *row_, row.name)) {
      facts.here = true;
      facts.version_here = there->version.str();
    }
  }
  if (row.event == "promote" || row.event == "rollback") facts.version_there = row.version;
  facts.unseen = facts.unseen || !seen;
}

Fate ImportFacts::fate_of(const JournalRow& row) const {
  if (is_seen(row)) return Fate::known;
  if (row.event == kElsewhere) return Fate::declined;
  if (row.event == "publish") {
    if (is_here(row.version)) return Fate::declined;
    return fresh(row.version) != nullptr ? Fate::brought : Fate::left_out;
  }
  if (row.event == "label") {
    const LabelFacts& facts = labels_.at(row.name);
    if (facts.here && !facts.forwards) return Fate::declined;
    return row.seq <= facts.last ? Fate::brought : Fate::left_out;
  }
  if (is_of_channel(row)) {
    const ChannelFacts& facts = channels_.at(row.name);
    if (facts.here) return Fate::declined;
    if (!can_be_had(facts.version_there)) return Fate::left_out;
    return row.version.empty() || can_be_had(row.version) ? Fate::brought : Fate::left_out;
  }
  return can_be_had(row.version) ? Fate::brought : Fate::left_out;
}

const VersionInfo* ImportFacts::fresh(const std::string& number) const {
  const auto found = fresh_.find(number);
  return found == fresh_.end() ? nullptr : &found->second;
}

std::vector<std::string> ImportFacts::warnings() const {
  std::vector<std::string> texts;
  for (const auto& [name, facts] : labels_) {
    const bool other = facts.object_here != facts.object_there;
    if (!facts.here || facts.forwards || !facts.unseen || !other) continue;
    texts.push_back("label " + quoted(name) + " of " + name_.str() +
                    " is not moved: it names other bytes here\n  here:   " + facts.object_here +
                    "\n  export: " + facts.object_there);
  }
  for (const auto& [name, facts] : channels_) {
    if (!facts.unseen) continue;
    const std::string channel = "channel " + quoted(name) + " of " + name_.str();
    if (facts.here && facts.version_here != facts.version_there) {
      texts.push_back(channel + " is not moved: it names " + facts.version_here + " here, and " +
                      facts.version_there + " in the export");
    } else if (!facts.here && !can_be_had(facts.version_there)) {
      texts.push_back(channel + " is left out: it names " + facts.version_there +
                      ", which is neither in the export nor here");
    }
  }
  return texts;
}

bool ImportFacts::is_seen(const JournalRow& row) const {
  return row_ && has_event(db_, *row_, Digest::parse(row.id()));
}

bool ImportFacts::is_here(const std::string& number) const {
  return row_ && exact_version(db_, *row_, Version::parse(number)).has_value();
}

bool ImportFacts::can_be_had(const std::string& number) const {
  return !number.empty() && (fresh(number) != nullptr || is_here(number));
}

}  // namespace algoctl
