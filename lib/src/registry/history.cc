#include "registry/history.h"

#include "algoctl/error.h"
#include "registry/version_rows.h"
#include "registry/versions.h"

namespace algoctl {
namespace {

#define ALGOCTL_EVENT_COLUMNS                                                                 \
  "SELECT seq, at, who, event, version, name, old, new, why, digest, origin, origin_at FROM " \
  "journal "

LogEvent read_event_row(const Rows& rows, const Algorithm& algorithm) {
  LogEvent event{algorithm,
                 rows.integer(0),
                 rows.integer(1),
                 rows.text(2),
                 rows.text(3),
                 rows.text(4),
                 rows.text(5),
                 rows.text(6),
                 rows.text(7),
                 rows.text(8),
                 Digest::parse(rows.text(9)),
                 std::nullopt};
  if (!rows.text(10).empty()) event.origin_at = rows.integer(11);
  return event;
}

std::int64_t time_of(Db& db, const AlgorithmRow& algorithm, std::int64_t sequence) {
  Rows& rows = db.query("SELECT at FROM journal WHERE algorithm = $1 AND seq = $2",
                        {algorithm.id, sequence});
  if (!rows.next()) {
    throw Error(
        Code::integrity,
        "the journal of " + algorithm.name.str() + " has no event " + std::to_string(sequence),
        "`algoctl verify` says what else is wrong; restore the registry from a backup");
  }
  return rows.integer(0);
}

/// The last of a name's events of two kinds, up to `sequence`.
struct Said {
  std::string kind;
  std::string new_value;
  std::string why;
  std::int64_t at;
};
std::optional<Said> last_said(Db& db, const AlgorithmRow& algorithm, const std::string& name,
                              const char* kind, const char* other, std::int64_t sequence) {
  Rows& rows = db.query(
      "SELECT event, new, why, at FROM journal WHERE algorithm = $1 AND event IN ($2, $3) "
      "AND name = $4 AND seq <= $5 ORDER BY seq DESC LIMIT 1",
      {algorithm.id, kind, other, name, sequence});
  if (!rows.next()) return std::nullopt;
  return Said{rows.text(0), rows.text(1), rows.text(2), rows.integer(3)};
}

/// The number of versions that had been published.
std::int64_t versions_until(Db& db, const AlgorithmRow& algorithm, std::int64_t sequence) {
  Rows& rows = db.query(
      "SELECT version FROM journal WHERE algorithm = $1 AND seq <= $2 AND +event = 'publish' "
      // The sign keeps the planner from reading all publishes first.
      "ORDER BY seq DESC LIMIT 1",
      {algorithm.id, sequence});
  if (!rows.next()) return 0;
  const auto last = exact_version(db, algorithm, Version::parse(rows.text(0)));
  return last ? last->sequence : 0;
}

std::optional<Yank> yank_as_of(Db& db, const AlgorithmRow& algorithm, const Version& version,
                               std::int64_t sequence) {
  const auto said = last_said(db, algorithm, version.str(), "yank", "unyank", sequence);
  if (!said || said->kind == "unyank") return std::nullopt;
  Yank yank{said->why, std::nullopt};
  if (!said->new_value.empty()) yank.replacement = Version::parse(said->new_value);
  return yank;
}

/// The version that a selector of a single one names, now and ever.
std::optional<VersionInfo> named(Db& db, const AlgorithmRow& algorithm, const Selector& selector,
                                 std::int64_t sequence) {
  if (selector.kind() != Selector::Kind::channel) {
    return find_version(db, algorithm, selector, false);
  }
  const auto said = last_said(db, algorithm, selector.channel(), "promote", "rollback", sequence);
  if (!said) return std::nullopt;
  return exact_version(db, algorithm, Version::parse(said->new_value));
}

}  // namespace

std::int64_t event_at(Db& db, const AlgorithmRow& algorithm, std::int64_t time) {
  std::int64_t low = 0;  // not later than `time`, or before all
  std::int64_t high = algorithm.journal_seq + 1;
  while (high - low > 1) {
    const std::int64_t middle = low + (high - low) / 2;
    (time_of(db, algorithm, middle) <= time ? low : high) = middle;
  }
  return low;
}

LogEvent read_event(Db& db, const AlgorithmRow& algorithm, std::int64_t sequence) {
  Rows& rows =
      db.query(ALGOCTL_EVENT_COLUMNS "WHERE algorithm = $1 AND seq = $2", {algorithm.id, sequence});
  if (!rows.next()) time_of(db, algorithm, sequence);  // says that it is not there
  return read_event_row(rows, algorithm.name);
}

void visit_channel_events(Db& db, const AlgorithmRow& algorithm, const std::string& channel,
                          std::int64_t sequence,
                          const std::function<bool(const LogEvent&)>& visit) {
  Rows& rows =
      db.query(ALGOCTL_EVENT_COLUMNS
               "WHERE algorithm = $1 AND event IN ('promote', 'rollback', 'hold', 'release') "
               "AND name = $2 AND seq <= $3 ORDER BY seq DESC",
               {algorithm.id, channel, sequence});
  while (rows.next() && visit(read_event_row(rows, algorithm.name))) {
  }
}

std::optional<VersionInfo> find_version_as_of(Db& db, const AlgorithmRow& algorithm,
                                              const Selector& selector, bool prereleases,
                                              std::int64_t sequence) {
  const std::int64_t count = versions_until(db, algorithm, sequence);
  const bool several =
      selector.kind() == Selector::Kind::range || selector.kind() == Selector::Kind::latest;
  if (!several) {
    auto version = named(db, algorithm, selector, sequence);
    if (!version || version->sequence > count) return std::nullopt;
    version->yank = yank_as_of(db, algorithm, version->version, sequence);
    return version;
  }
  // Highest first; those that came later are passed over.
  Rows& rows = db.query(ALGOCTL_VERSION_COLUMNS
                        "WHERE v.algorithm = $1 AND v.seq <= $2 ORDER BY v.major DESC, "
                        "v.minor DESC, v.patch DESC, v.precedence DESC",
                        {algorithm.id, count});
  while (rows.next()) {
    VersionInfo version = read_version(rows, algorithm.name);
    if (!selector.admits(version.version, prereleases)) continue;
    if (yank_as_of(db, algorithm, version.version, sequence)) continue;
    version.yank.reset();
    return version;
  }
  return std::nullopt;
}

std::optional<LabelInfo> find_label_as_of(Db& db, const AlgorithmRow& algorithm, const Label& label,
                                          std::int64_t sequence) {
  const auto said = last_said(db, algorithm, label.str(), "label", "label", sequence);
  if (!said) return std::nullopt;
  const Digest object = Digest::parse(said->new_value);
  Rows& rows = db.query("SELECT size FROM object WHERE digest = $1", {object.hex()});
  // Collected since: the digest is known, its size is not.
  const std::int64_t size = rows.next() ? rows.integer(0) : -1;
  return LabelInfo{algorithm.name, label, object, size, said->at};
}

}  // namespace algoctl
