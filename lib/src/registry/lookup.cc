#include <algorithm>
#include <string>

#include "core/precedence.h"
#include "core/range.h"
#include "registry/version_rows.h"
#include "registry/versions.h"

namespace algoctl {
namespace {

/// A bound as a place in the primary key's order: everything from it on, or everything before it.
struct Place {
  std::int64_t major = 0;
  std::int64_t minor = 0;
  std::int64_t patch = 0;
  std::string precedence;
};

/// The place before `version`, or just after it. No precedence key holds a byte as low as 1.
Place place_of(const Version& version, bool after) {
  return {version.major(), version.minor(), version.patch(),
          precedence_key(version) + (after ? "\x01" : "")};
}

Place low_place(const Interval& interval) {
  return interval.low ? place_of(*interval.low, !interval.low_inclusive) : Place{};
}

Place high_place(const Interval& interval) {
  return interval.high ? place_of(*interval.high, interval.high_inclusive)
                       : Place{kAboveAnyNumber, 0, 0, ""};
}

std::optional<VersionInfo> first(Rows& rows, const AlgorithmRow& algorithm) {
  return rows.next() ? std::optional(read_version(rows, algorithm.name)) : std::nullopt;
}

std::optional<VersionInfo> highest_of_all(Db& db, const AlgorithmRow& algorithm, const Place& low,
                                          const Place& high) {
  return first(
      db.query(ALGOCTL_VERSION_COLUMNS
               "WHERE v.algorithm = $1 AND (v.major, v.minor, v.patch, v.precedence) >= ($2, $3, "
               "$4, $5) "
               "AND (v.major, v.minor, v.patch, v.precedence) < ($6, $7, $8, $9) "
               "AND y.version_seq IS NULL "
               "ORDER BY v.major DESC, v.minor DESC, v.patch DESC, v.precedence DESC LIMIT 1",
               {algorithm.id, low.major, low.minor, low.patch, low.precedence, high.major,
                high.minor, high.patch, high.precedence}),
      algorithm);
}

/// As above among releases, by their own index (which the inner query reads alone): however many
/// prereleases lie between.
std::optional<VersionInfo> highest_release(Db& db, const AlgorithmRow& algorithm, Place low,
                                           Place high) {
  // Releases have the highest key of their number, `~`: a bound after it is the next patch.
  if (low.precedence > "~") ++low.patch;
  if (high.precedence > "~") ++high.patch;
  return first(
      db.query(ALGOCTL_VERSION_COLUMNS
               "WHERE v.algorithm = $1 AND v.precedence = '~' AND (v.major, v.minor, v.patch) = "
               "(SELECT r.major, r.minor, r.patch FROM version r "
               " WHERE r.algorithm = $1 AND r.precedence = '~' "
               " AND (r.major, r.minor, r.patch) >= ($2, $3, $4) "
               " AND (r.major, r.minor, r.patch) < ($5, $6, $7) "
               " AND NOT EXISTS (SELECT 1 FROM yank z "
               "  WHERE z.algorithm = r.algorithm AND z.version_seq = r.seq) "
               " ORDER BY r.major DESC, r.minor DESC, r.patch DESC LIMIT 1)",
               {algorithm.id, low.major, low.minor, low.patch, high.major, high.minor, high.patch}),
      algorithm);
}

bool earlier(const Place& a, const Place& b) {
  return std::tie(a.major, a.minor, a.patch, a.precedence) <
         std::tie(b.major, b.minor, b.patch, b.precedence);
}

std::optional<VersionInfo> higher(std::optional<VersionInfo> a, std::optional<VersionInfo> b) {
  if (!a) return b;
  if (!b || b->version < a->version) return a;
  return b;
}

std::optional<VersionInfo> highest_in(Db& db, const AlgorithmRow& algorithm,
                                      const Interval& interval, bool prereleases) {
  const Place low = low_place(interval);
  const Place high = high_place(interval);
  if (prereleases) return highest_of_all(db, algorithm, low, high);
  auto best = highest_release(db, algorithm, low, high);
  for (const Version& tuple : interval.prerelease_tuples) {
    const Place from{tuple.major(), tuple.minor(), tuple.patch(), ""};
    const Place to{tuple.major(), tuple.minor(), tuple.patch(), "~"};
    best = higher(best, highest_of_all(db, algorithm, std::max(low, from, earlier),
                                       std::min(high, to, earlier)));
  }
  return best;
}

std::optional<VersionInfo> of_channel(Db& db, const AlgorithmRow& algorithm,
                                      const std::string& channel) {
  return first(db.query(ALGOCTL_VERSION_COLUMNS
                        "JOIN channel c ON c.algorithm = v.algorithm AND c.version_seq = v.seq "
                        "WHERE c.algorithm = $1 AND c.name = $2",
                        {algorithm.id, channel}),
               algorithm);
}

std::optional<VersionInfo> of_digest(Db& db, const AlgorithmRow& algorithm, const Digest& digest) {
  return first(db.query(ALGOCTL_VERSION_COLUMNS "WHERE v.manifest = $2 AND v.algorithm = $1",
                        {algorithm.id, digest.hex()}),
               algorithm);
}

}  // namespace

std::optional<VersionInfo> exact_version(Db& db, const AlgorithmRow& algorithm,
                                         const Version& version) {
  return first(db.query(ALGOCTL_VERSION_COLUMNS
                        "WHERE v.algorithm = $1 AND v.major = $2 AND v.minor = $3 AND v.patch = $4 "
                        "AND v.precedence = $5",
                        {algorithm.id, version.major(), version.minor(), version.patch(),
                         precedence_key(version)}),
               algorithm);
}

std::optional<VersionInfo> find_version(Db& db, const AlgorithmRow& algorithm,
                                        const Selector& selector, bool prereleases) {
  switch (selector.kind()) {
    case Selector::Kind::exact: return exact_version(db, algorithm, selector.version());
    case Selector::Kind::channel: return of_channel(db, algorithm, selector.channel());
    case Selector::Kind::digest: return of_digest(db, algorithm, selector.digest());
    case Selector::Kind::latest: return highest_in(db, algorithm, Interval{}, prereleases);
    case Selector::Kind::range: {
      std::optional<VersionInfo> best;
      for (const Interval& interval : intervals(selector.range(), prereleases)) {
        best = higher(best, highest_in(db, algorithm, interval, prereleases));
      }
      return best;
    }
  }
  return std::nullopt;
}

}  // namespace algoctl
