#include <algorithm>
#include <utility>

#include "core/range.h"

namespace algoctl {
namespace {

using Op = Comparator::Op;

Version tuple_of(const Version& version) {
  return {version.major(), version.minor(), version.patch()};
}

/// The first of all versions with this major.minor.patch.
Version first_of(const Version& version) {
  return {version.major(), version.minor(), version.patch(), "0"};
}

bool same_tuple(const Version& a, const Version& b) noexcept {
  return a.major() == b.major() && a.minor() == b.minor() && a.patch() == b.patch();
}

Version bound_of(const Comparator& comparator, bool prereleases) {
  return comparator.widens && prereleases ? first_of(comparator.version) : comparator.version;
}

/// npm takes `>=0.0.0` for `*`, so that in `>=0 <1.0.0-rc.2 >0.0.0-alpha` it does not shut out what
/// the others name.
bool is_open(const Comparator& comparator, bool prereleases) noexcept {
  return comparator.op == Op::any || (comparator.everything && !prereleases);
}

bool holds(const Comparator& comparator, const Version& version, bool prereleases) {
  if (is_open(comparator, prereleases)) return true;
  const int order = version.compare(bound_of(comparator, prereleases));
  switch (comparator.op) {
    case Op::any: return true;
    case Op::less: return order < 0;
    case Op::less_equal: return order <= 0;
    case Op::equal: return order == 0;
    case Op::greater_equal: return order >= 0;
    case Op::greater: return order > 0;
  }
  return false;
}

bool names_prerelease_of(const Comparator& comparator, const Version& version) noexcept {
  return comparator.op != Op::any && !comparator.version.is_release() &&
         same_tuple(comparator.version, version);
}

bool all_hold(const Comparators& comparators, const Version& version, bool prereleases) {
  const bool fits = std::all_of(comparators.begin(), comparators.end(), [&](const Comparator& c) {
    return holds(c, version, prereleases);
  });
  if (!fits || version.is_release() || prereleases) return fits;
  return std::any_of(comparators.begin(), comparators.end(),
                     [&](const Comparator& c) { return names_prerelease_of(c, version); });
}

void raise_low(Interval& interval, const Version& bound, bool inclusive) {
  const int order = interval.low ? bound.compare(*interval.low) : 1;
  if (order > 0) interval.low_inclusive = inclusive;
  if (order == 0) interval.low_inclusive = interval.low_inclusive && inclusive;
  if (order > 0) interval.low = bound;
}

void lower_high(Interval& interval, const Version& bound, bool inclusive) {
  const int order = interval.high ? bound.compare(*interval.high) : -1;
  if (order < 0) interval.high_inclusive = inclusive;
  if (order == 0) interval.high_inclusive = interval.high_inclusive && inclusive;
  if (order < 0) interval.high = bound;
}

void narrow(Interval& interval, const Comparator& comparator, bool prereleases) {
  if (is_open(comparator, prereleases)) return;
  const Version bound = bound_of(comparator, prereleases);
  switch (comparator.op) {
    case Op::any: return;
    case Op::less: return lower_high(interval, bound, false);
    case Op::less_equal: return lower_high(interval, bound, true);
    case Op::greater_equal: return raise_low(interval, bound, true);
    case Op::greater: return raise_low(interval, bound, false);
    case Op::equal: raise_low(interval, bound, true); return lower_high(interval, bound, true);
  }
}

bool is_impossible(const Interval& interval) {
  if (!interval.high) return false;
  if (!interval.high_inclusive && *interval.high == Version(0, 0, 0, "0")) return true;
  if (!interval.low) return false;
  const int order = interval.low->compare(*interval.high);
  return order > 0 || (order == 0 && !(interval.low_inclusive && interval.high_inclusive));
}

bool holds_prerelease_of(const Interval& interval, const Version& tuple) {
  const bool above_low = !interval.low || *interval.low < tuple;
  const int order = interval.high ? interval.high->compare(first_of(tuple)) : 1;
  return above_low && (order > 0 || (order == 0 && interval.high_inclusive));
}

void add_tuples(Interval& interval, const Comparators& comparators) {
  std::vector<Version>& tuples = interval.prerelease_tuples;
  for (const Comparator& comparator : comparators) {
    if (comparator.op == Op::any || comparator.version.is_release()) continue;
    Version tuple = tuple_of(comparator.version);
    const bool known = std::find(tuples.begin(), tuples.end(), tuple) != tuples.end();
    if (!known && holds_prerelease_of(interval, tuple)) tuples.push_back(std::move(tuple));
  }
}

}  // namespace

bool admits(const Range& range, const Version& version, bool prereleases) {
  if (range.everything && !prereleases) return version.is_release();
  return std::any_of(range.alternatives.begin(), range.alternatives.end(),
                     [&](const Comparators& all) { return all_hold(all, version, prereleases); });
}

std::vector<Interval> intervals(const Range& range, bool prereleases) {
  if (range.everything && !prereleases) return {Interval{}};
  std::vector<Interval> found;
  for (const Comparators& comparators : range.alternatives) {
    Interval interval;
    for (const Comparator& comparator : comparators) narrow(interval, comparator, prereleases);
    if (is_impossible(interval)) continue;
    if (!prereleases) add_tuples(interval, comparators);
    found.push_back(std::move(interval));
  }
  return found;
}

}  // namespace algoctl
