#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>
#include <vector>

#include "algoctl/client.h"
#include "base/text.h"
#include "client/channel_moves.h"
#include "client/import_events.h"
#include "client/import_facts.h"
#include "client/import_objects.h"
#include "client/state.h"
#include "registry/channels.h"
#include "registry/versions.h"
#include "store/archive_reader.h"

namespace algoctl {
namespace {

/// The way of one archive into the registry and its store.
class ArchiveImport {
 public:
  ArchiveImport(ClientState& state, const ImportOptions& options)
      : state_(state),
        options_(options),
        archive_(ArchiveReader::open(options.file, options.expect)),
        result_{archive_.layout().digest(), {}, false, {}} {}

  ImportResult run() {
    archive_.require_whole(state_.options.stop);
    check_manifests();
    decide();
    result_.changed = !news_.empty();
    ImportObjects objects(state_, archive_);
    if (options_.dry_run) {
      if (result_.changed) state_.foresee_store();
      if (result_.changed) objects.check_all();
    } else if (result_.changed) {
      objects.store_all();
      record(objects);
    }
    const auto& mended = objects.warnings();
    result_.warnings.insert(result_.warnings.end(), mended.begin(), mended.end());
    return std::move(result_);
  }

 private:
  void check_manifests() const {
    for (std::size_t n = 0; n < archive_.index().algorithms.size(); ++n) {
      read_history(
          archive_, n, state_.options.stop,
          [&](const VersionInfo& version) { archived_manifest(archive_, version); },
          [](const JournalRow&) {});
    }
  }

  /// What the import comes to. Conflicts show here, before a byte is stored.
  void decide() {
    state_.registry.read([&](Db& db) {
      for (std::size_t n = 0; n < archive_.index().algorithms.size(); ++n) {
        const ImportFacts facts(db, archive_, n, state_.options.stop);
        if (facts.news()) news_.push_back(n);
        for (const ArchivedVersion& version : facts.versions()) {
          result_.versions.push_back(version);
        }
        for (std::string& warning : facts.warnings()) {
          result_.warnings.push_back(std::move(warning));
        }
      }
    });
  }

  /// One transaction for each algorithm: all of its news, or nothing.
  void record(ImportObjects& objects) {
    static_cast<void>(state_.writable_store());  // opened before the write lock is held
    for (const std::size_t n : news_) {
      state_.registry.write([&](Db& db) {
        const Algorithm& name = archive_.index().algorithms.at(n).name;
        const ImportFacts facts(db, archive_, n, state_.options.stop);
        const std::vector<std::string> before = yanked_channels(db, name);
        bring_events(state_, db, archive_, n, facts);
        warn_of_news(before, yanked_channels(db, name));
        if (n == news_.back()) objects.end(db);
      });
    }
    objects.forget();
  }

  /// A line for each channel that names a yanked version, sorted. A promotion and a yank that each
  /// was fine where it happened can come to that here.
  static std::vector<std::string> yanked_channels(Db& db, const Algorithm& name) {
    std::vector<std::string> lines;
    const auto algorithm = find_algorithm(db, name);
    if (!algorithm) return lines;
    for (const ChannelInfo& channel : channels_of(db, *algorithm)) {
      const auto version = exact_version(db, *algorithm, channel.version);
      if (!version || !version->yank) continue;
      const std::string& why = version->yank->reason;
      lines.push_back(channel_name(name, channel.name) + " names " + channel.version.str() +
                      ", which is yanked" + (why.empty() ? "" : ": ") + printable(why));
    }
    return lines;
  }

  void warn_of_news(const std::vector<std::string>& before, const std::vector<std::string>& after) {
    std::set_difference(after.begin(), after.end(), before.begin(), before.end(),
                        std::back_inserter(result_.warnings));
  }

  ClientState& state_;
  const ImportOptions& options_;
  ArchiveReader archive_;
  ImportResult result_;
  std::vector<std::size_t> news_;  // the algorithms that have some
};

}  // namespace

ImportResult Client::import_archive(const ImportOptions& options) {
  return ArchiveImport(*state_, options).run();
}

bool is_archive(const std::string& path) { return looks_like_archive(path); }

}  // namespace algoctl
