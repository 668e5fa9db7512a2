#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "algoctl/archive.h"
#include "client/archived_history.h"
#include "registry/algorithms.h"
#include "registry/db.h"

namespace algoctl {

/// What becomes of an event of an archive.
enum class Fate {
  known,     ///< the journal has it
  brought,   ///< it happens here too
  declined,  ///< written down, but changes nothing: what it would move is this registry's own
  left_out,  ///< it speaks of what is neither in the archive nor here
};

/// How an algorithm of an archive stands to the registry, under one transaction's view.
class ImportFacts {
 public:
  /// Throws Error{conflict} when a version is here with another manifest, or another algorithm's
  /// name looks the same; Error{integrity} as read_history.
  ImportFacts(Db& db, const ArchiveReader& archive, std::size_t n, const std::atomic<bool>* stop);

  [[nodiscard]] Fate fate_of(const JournalRow& row) const;

  /// True when some event is to be brought or declined: there is something to write.
  [[nodiscard]] bool news() const noexcept { return news_; }
  /// All versions of the archive; `created` when they are not here.
  [[nodiscard]] const std::vector<ArchivedVersion>& versions() const noexcept { return versions_; }
  /// A version that is not here, by its number's text; nullptr for any other.
  [[nodiscard]] const VersionInfo* fresh(const std::string& number) const;
  /// What stays as it is here although the archive says otherwise.
  [[nodiscard]] std::vector<std::string> warnings() const;

 private:
  struct LabelFacts {
    bool here = false;
    std::string object_here;
    std::string event_here;
    bool forwards = false;     // what it names here it once named there: it may go on
    std::int64_t last = 0;     // of its events, the last one whose object can be had
    std::string object_there;  // that it names in the end
    bool unseen = false;
  };
  struct ChannelFacts {
    bool here = false;
    std::string version_here;
    std::string version_there;
    bool unseen = false;
  };

  void look_at_version(const VersionInfo& version);
  void look_at_event(const JournalRow& row);
  void look_at_label(const JournalRow& row, bool seen);
  void look_at_channel(const JournalRow& row, bool seen);
  [[nodiscard]] bool is_seen(const JournalRow& row) const;
  [[nodiscard]] bool is_here(const std::string& number) const;
  [[nodiscard]] bool can_be_had(const std::string& number) const;

  Db& db_;
  const ArchiveReader& archive_;
  const Algorithm& name_;
  std::optional<AlgorithmRow> row_;
  std::vector<ArchivedVersion> versions_;
  std::map<std::string, VersionInfo> fresh_;
  std::map<std::string, LabelFacts> labels_;
  std::map<std::string, ChannelFacts> channels_;
  bool news_ = false;
};

}  // namespace algoctl
