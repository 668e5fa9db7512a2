#include "client/archived_history.h"

#include <map>
#include <optional>
#include <set>

#include "algoctl/error.h"
#include "algoctl/manifest.h"
#include "base/text.h"
#include "client/working_copy.h"
#include "registry/journal_rows.h"
#include "registry/versions.h"

namespace algoctl {
namespace {

/// Parses what an event of each kind must be able to say; throws what the parsers throw.
void check_event(const JournalRow& row) {
  static const std::set<std::string> kOfVersion = {"publish",  "annotate", "promote",
                                                   "rollback", "yank",     "unyank"};
  static const std::set<std::string> kOfChannel = {"promote", "rollback", "hold", "release"};
  const bool known = kOfVersion.count(row.event) > 0 || kOfChannel.count(row.event) > 0 ||
                     row.event == "label" || row.event == kElsewhere;
  if (!known) {
    throw Error(Code::storage, "event " + quoted(row.event) + " is newer than this program",
                "install a newer algoctl");
  }
  if (kOfVersion.count(row.event) > 0 && Version::parse(row.version).str() != row.version) {
    throw Error(Code::usage, "malformed version " + quoted(row.version));
  }
  if (kOfChannel.count(row.event) > 0) check_channel_name(row.name);
  if (row.event == "label") {
    static_cast<void>(Label::parse(row.name));
    static_cast<void>(Digest::parse(row.new_value));
  }
  if (row.event == "yank" && !row.new_value.empty()) {
    static_cast<void>(Version::parse(row.new_value));
  }
  if (!row.origin.empty()) static_cast<void>(Digest::parse(row.origin));
}

/// One reading of a history.
class HistoryCheck {
  [[nodiscard]] std::string place(std::int64_t number) const {
    return member_.name + ":" + std::to_string(number);
  }

  template <typename Read>
  auto reading(const std::string& where, Read read) const {
    try {
      return read();
    } catch (const Error& error) {
      if (error.code() == Code::storage) {
        throw Error(Code::storage, quoted_path(archive_.path()) + ": " + error.message(),
                    error.hint());
      }
      const bool placed = starts_with(error.message(), where);
      throw archive_.damaged(placed ? error.message() : where + ": " + error.message());
    }
  }

 public:
  HistoryCheck(const ArchiveReader& archive, std::size_t n)
      : archive_(archive),
        member_(archive.layout().history(n)),
        algorithm_(archive.index().algorithms.at(n)),
        chain_(algorithm_.name) {}

  [[nodiscard]] bool expects_version(std::int64_t line) const {
    return line <= static_cast<std::int64_t>(algorithm_.versions.size());
  }

  VersionInfo version(std::string_view line, std::int64_t number) {
    const std::string where = place(number);
    VersionInfo version =
        reading(where, [&] { return read_version_line(line, algorithm_.name, where); });
    const Version& expected = algorithm_.versions[static_cast<std::size_t>(number - 1)];
    if (version.version.str() != expected.str() || version.sequence <= last_sequence_) {
      throw archive_.damaged(where + ": the versions are not those of the index");
    }
    if (record_of(version) != version.record) {
      throw archive_.damaged(where + ": the record is not that of " + version.version.str());
    }
    last_sequence_ = version.sequence;
    unpublished_.emplace(version.version.str(), version.record.hex());
    return version;
  }

  JournalRow event(std::string_view line, std::int64_t number) {
    const std::string where = place(number);
    JournalRow row = reading(where, [&] {
      JournalRow read = read_event_line(line, where);
      check_event(read);
      return read;
    });
    if (!chain_.add(row))
      throw archive_.damaged(where + ": the event is not the next of its chain");
    if (row.event == "publish") {
      const auto found = unpublished_.find(row.version);
      if (found != unpublished_.end() && found->second == row.record) unpublished_.erase(found);
    }
    return row;
  }

  void finish() const {
    const bool whole =
        chain_.count() == algorithm_.events && chain_.head() == algorithm_.journal_head;
    if (!whole) throw archive_.damaged(member_.name + ": the journal is not that of the index");
    if (unpublished_.empty()) return;
    throw archive_.damaged(member_.name + ": nothing published " + unpublished_.begin()->first);
  }

 private:
  const ArchiveReader& archive_;
  const ArchiveMember& member_;
  const ArchivedAlgorithm& algorithm_;
  ChainCheck chain_;
  std::int64_t last_sequence_ = 0;
  std::map<std::string, std::string> unpublished_;  // number to record, until its event is seen
};

}  // namespace

void read_history(const ArchiveReader& archive, std::size_t n, const std::atomic<bool>* stop,
                  const std::function<void(const VersionInfo&)>& visit_version,
                  const std::function<void(const JournalRow&)>& visit_event) {
  HistoryCheck check(archive, n);
  archive.read_lines(archive.layout().history(n), stop,
                     [&](std::string_view line, std::int64_t number) {
                       if (check.expects_version(number)) {
                         visit_version(check.version(line, number));
                       } else {
                         visit_event(check.event(line, number));
                       }
                     });
  check.finish();
}

std::string archived_manifest(const ArchiveReader& archive, const VersionInfo& version) {
  const ArchiveMember* member = archive.layout().manifest(version.manifest_sha256);
  const std::string name = version.algorithm.str() + "@" + version.version.str();
  if (member == nullptr) throw archive.damaged("it has no manifest of " + name);
  if (member->size > kLargestManifest) {
    throw archive.damaged(member->name + ": more than " + std::to_string(kLargestManifest) +
                          " bytes");
  }
  std::string bytes = archive.read(*member);
  std::optional<Manifest> manifest;
  try {
    manifest = Manifest::parse(bytes, member->name);
  } catch (const Error& error) {
    throw archive.damaged(error.message());
  }
  if (manifest->name != version.algorithm || !manifest->version ||
      manifest->version->str() != version.version.str()) {
    throw archive.damaged(member->name + ": the manifest is not that of " + name);
  }
  for (const ModelFile& model : manifest->models) {
    const ArchiveMember* object = archive.layout().object(model.sha256);
    if (object != nullptr && object->size == model.size) continue;
    throw archive.damaged("it has no object " + model.sha256.str() + ", which " + name + " needs");
  }
  return bytes;
}

}  // namespace algoctl
