#include "registry/version_rows.h"

namespace algoctl {

Version read_number(const Rows& rows) {
  return Version(rows.integer(0), rows.integer(1), rows.integer(2), rows.text(3), rows.text(4));
}

std::string text_of(const std::optional<Version>& version) { return version ? version->str() : ""; }

VersionInfo read_version(const Rows& rows, const Algorithm& algorithm) {
  std::optional<Version> previous;
  if (const auto text = rows.text_or_null(7)) previous = Version::parse(*text);
  Provenance provenance;
  provenance.commit = rows.text(11);
  provenance.remote = rows.text(12);
  if (!rows.is_null(13)) provenance.dirty = rows.integer(13) != 0;
  std::optional<Yank> yank;
  if (!rows.is_null(15)) {
    yank = Yank{rows.text(15), std::nullopt};
    if (const auto text = rows.text_or_null(16)) yank->replacement = Version::parse(*text);
  }
  return VersionInfo{algorithm,
                     read_number(rows),
                     rows.integer(5),
                     Digest::parse(rows.text(6)),
                     previous,
                     rows.integer(8),
                     rows.text(9),
                     rows.text(10),
                     provenance,
                     Digest::parse(rows.text(14)),
                     yank};
}

}  // namespace algoctl
