#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

#include "core/range.h"
#include "core/version_text.h"

// npm rewrites the text of a range, by regular expressions, until only comparators are left. Here
// one pass reads the same language. Words used: a part is a number or `x`; a partial is up to three
// of them; `wild` is a part that is `x`, or not there.

namespace algoctl {
namespace {

using Op = Comparator::Op;

constexpr std::size_t kMaxRangeLength = 1024;

struct Part {
  bool wild = true;
  std::int64_t number = 0;
};

struct Partial {
  std::string_view prefix;  ///< `v` and `=` before it
  Part major, minor, patch;
  std::string_view prerelease;

  [[nodiscard]] bool full() const { return !major.wild && !minor.wild && !patch.wild; }
  /// What may stand before a full version; anything may stand before a partial one.
  [[nodiscard]] bool has_plain_prefix() const { return prefix.empty() || prefix == "v"; }
};

struct Numbers {
  std::int64_t major, minor, patch;
};

/// The first version after all those that a partial stands for.
Numbers after(const Partial& p) {
  if (p.minor.wild) return {p.major.number + 1, 0, 0};
  return {p.major.number, p.minor.number + 1, 0};
}

/// The first release that a partial stands for: what is behind an `x` is ignored.
Numbers start(const Partial& p) {
  return {p.major.number, p.minor.wild ? 0 : p.minor.number,
          p.minor.wild || p.patch.wild ? 0 : p.patch.number};
}

/// Collects the comparators of one alternative. Each add returns false for a version that cannot
/// be.
struct Collector {
  Comparators all;

  bool add_any() {
    all.push_back({Op::any, Version(0, 0, 0), false, true});
    return true;
  }

  bool add(Op op, Numbers n, std::string_view prerelease = {}, bool widens = false) {
    if (n.major > kMaxVersionNumber || n.minor > kMaxVersionNumber || n.patch > kMaxVersionNumber) {
      return false;
    }
    const Version tuple(n.major, n.minor, n.patch);
    if (tuple.str().size() + 1 + prerelease.size() > kMaxVersionLength) return false;
    const bool zero = n.major == 0 && n.minor == 0 && n.patch == 0 && prerelease.empty();
    all.push_back({op, Version(n.major, n.minor, n.patch, std::string(prerelease)), widens,
                   op == Op::greater_equal && zero});
    return true;
  }

  bool add_below(Numbers n) { return add(Op::less, n, "0"); }

  bool add_from(const Partial& p) {
    if (p.full()) return add(Op::greater_equal, start(p), p.prerelease);
    return add(Op::greater_equal, start(p), {}, true);
  }

  bool add_tilde(const Partial& p) {
    if (p.major.wild) return add_any();
    return add_from(p) && add_below(after(p));
  }

  bool add_caret(const Partial& p) {
    if (p.major.wild) return add_any();
    const Numbers n = start(p);
    Numbers end{n.major + 1, 0, 0};
    if (n.major == 0 && !p.minor.wild) {
      end = n.minor > 0 || p.patch.wild ? Numbers{0, n.minor + 1, 0} : Numbers{0, 0, n.patch + 1};
    }
    return add_from(p) && add_below(end);
  }

  bool add_full(Op op, const Partial& p) {
    if (!p.has_plain_prefix() || !add(op, start(p), p.prerelease)) return false;
    if (!p.prefix.empty()) all.back().everything = false;  // npm knows only the text `>=0.0.0`
    return true;
  }

  /// `<1.2`, `>=1.x`, `1.*`: the bound lies before or behind all that the partial stands for.
  bool add_partial(Op op, const Partial& p) {
    if (p.minor.wild && !p.patch.wild) return false;  // 1.x.3
    if (p.major.wild) {
      if (!p.minor.wild) return false;  // x.2
      const bool nothing = op == Op::less || op == Op::greater;
      return nothing ? add_below({0, 0, 0}) : add_any();
    }
    switch (op) {
      case Op::less: return add_below(start(p));
      case Op::less_equal: return add_below(after(p));
      case Op::greater: return add(Op::greater_equal, after(p), {}, true);
      case Op::greater_equal: return add_from(p);
      default: return add_tilde(p);
    }
  }

  bool add_hyphen(const Partial& from, const Partial& to) {
    if (!from.major.wild) {
      if (from.full() && !from.has_plain_prefix()) return false;
      if (!add(Op::greater_equal, start(from), from.full() ? from.prerelease : std::string_view{},
               !from.full() || from.prerelease.empty())) {
        return false;
      }
      if (from.full() && !from.prefix.empty()) all.back().everything = false;
    }
    if (to.major.wild) return !all.empty() || add_any();
    if (!to.full()) return add_below(after(to));
    if (to.prerelease.empty() && !to.has_plain_prefix()) return false;
    return add(Op::less_equal, start(to), to.prerelease);
  }
};

bool take_part(Cursor& in, Part& part) {
  if (in.take('x') || in.take('X') || in.take('*')) return true;
  const auto number = take_number(in);
  if (!number) return false;
  part = {false, *number};
  return true;
}

bool take_partial(Cursor& in, Partial& p) {
  if (!take_part(in, p.major)) return false;
  if (in.take('.')) {
    if (!take_part(in, p.minor)) return false;
    if (in.take('.')) {
      if (!take_part(in, p.patch)) return false;
      const auto prerelease = take_prerelease(in);
      if (!prerelease) return false;
      p.prerelease = *prerelease;
    }
  }
  return take_build(in).has_value();
}

std::string_view take_prefix(Cursor& in, bool blanks) {
  return in.take_while([&](char c) { return c == 'v' || c == '=' || (blanks && is_blank(c)); });
}

struct Operator {
  char kind = 0;   ///< `~`, `^` or none
  char angle = 0;  ///< `<`, `>` or none
  bool equals = false;

  [[nodiscard]] Op op() const {
    if (angle == '<') return equals ? Op::less_equal : Op::less;
    if (angle == '>') return equals ? Op::greater_equal : Op::greater;
    return Op::equal;
  }
};

/// Blanks may follow an operator, and `>` and `=` may stand apart, but not both.
bool take_operator(Cursor& in, Operator& found) {
  if (in.take('~')) {
    found.kind = '~';
  } else if (in.take('^')) {
    found.kind = '^';
  }
  if (found.kind != 0) in.skip_blanks();
  if (found.kind != '^' && in.take('>')) found.angle = '>';
  if (found.kind == 0 && found.angle == 0 && in.take('<')) found.angle = '<';
  found.equals = in.take('=');
  const bool apart = in.skip_blanks();
  if (found.angle != 0 && !found.equals && apart) found.equals = in.take('=');
  return !in.done();
}

bool take_comparator(Cursor& in, Collector& out) {
  Operator found;
  Partial p;
  if (!take_operator(in, found)) return false;
  p.prefix = take_prefix(in, false);
  if (!take_partial(in, p) || !(in.done() || is_blank(in.rest.front()))) return false;
  if (found.kind == '~') return out.add_tilde(p);
  if (found.kind == '^') return out.add_caret(p);
  return p.full() ? out.add_full(found.op(), p) : out.add_partial(found.op(), p);
}

/// `1.2 - 2.3`. Nullopt when the text has another form.
std::optional<bool> read_hyphen(std::string_view text, Collector& out) {
  Cursor in{text};
  Partial from;
  Partial to;
  from.prefix = take_prefix(in, true);
  if (!take_partial(in, from)) return std::nullopt;
  if (!in.skip_blanks() || !in.take('-') || !in.skip_blanks()) return std::nullopt;
  to.prefix = take_prefix(in, true);
  if (!take_partial(in, to) || !in.done()) return std::nullopt;
  return out.add_hyphen(from, to);
}

/// What stands between `||` and `,`. Returns what does not fit, when something does not.
std::optional<std::string_view> read_piece(std::string_view text, Collector& out) {
  if (text.empty()) return text;
  if (const auto fits = read_hyphen(text, out)) {
    return *fits ? std::nullopt : std::optional(text);
  }
  Cursor in{text};
  while (!in.done()) {
    Cursor word = in;
    if (!take_comparator(in, out)) {
      return word.take_while([](char c) { return !is_blank(c); });
    }
    in.skip_blanks();
  }
  return std::nullopt;
}

bool is_everything(const Comparators& comparators) {
  for (const Comparator& comparator : comparators) {
    if (!comparator.everything) return false;
  }
  return true;
}

/// Splits off what stands before `separator`; nullopt at the end.
std::optional<std::string_view> next_piece(std::optional<std::string_view>& rest,
                                           std::string_view separator) {
  if (!rest) return std::nullopt;
  const std::size_t end = rest->find(separator);
  const std::string_view piece = without_blanks_around(rest->substr(0, end));
  rest = end == std::string_view::npos ? std::nullopt
                                       : std::optional(rest->substr(end + separator.size()));
  return piece;
}

}  // namespace

ParsedRange parse_range(std::string_view text) {
  if (text.size() > kMaxRangeLength) return {std::nullopt, text};
  Range range;
  std::optional<std::string_view> alternatives = text;
  while (const auto alternative = next_piece(alternatives, "||")) {
    Collector collector;
    std::optional<std::string_view> pieces = alternative;
    while (const auto piece = next_piece(pieces, ",")) {
      if (const auto misfit = read_piece(*piece, collector)) return {std::nullopt, *misfit};
    }
    range.everything = range.everything || is_everything(collector.all);
    range.alternatives.push_back(std::move(collector.all));
  }
  return {std::move(range), {}};
}

}  // namespace algoctl
