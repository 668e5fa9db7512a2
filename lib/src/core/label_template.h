#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "algoctl/digest.h"

namespace algoctl {

/// What the fields of a label pattern stand for.
struct LabelFacts {
  std::string file_name;                    ///< without folders; `-` is standard input
  std::int64_t now_ms = 0;                  ///< since 1970, UTC
  const Digest* sha256 = nullptr;           ///< needed where label_needs_digest says so; borrowed
  std::function<std::string()> git_commit;  ///< called only for {git}; empty outside git
};

/// The text of `pattern` with `{date}` (20190228, UTC), `{month}` (201902), `{sha}` and `{git}` (12
/// digits), `{stem}` and `{ext}` (with its dot; `a.tar.gz` has `.gz`, `.profile` none) filled in.
/// Whether it is a label, Label::parse says. Throws Error{usage} for an unknown field, `{stem}` of
/// standard input and `{git}` outside git.
std::string expand_label(std::string_view pattern, const LabelFacts& facts);

/// True when `pattern` has `{sha}`. Throws Error{usage} for an unknown field.
bool label_needs_digest(std::string_view pattern);

}  // namespace algoctl
