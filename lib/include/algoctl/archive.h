#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "algoctl/digest.h"
#include "algoctl/name.h"
#include "algoctl/reference.h"
#include "algoctl/version.h"

namespace algoctl {

/// A version in an archive: one file with versions, channels, history and objects, verified while
/// it is written and while it is read (docs/formats.md, "Export").
struct ArchivedVersion {
  Algorithm algorithm;
  Version version;
  bool created;  ///< by an import; false when it was there already, and for an export
};

struct ExportOptions {
  std::vector<Reference> references;  ///< a bare name means all its versions
  bool all = false;                   ///< every algorithm, instead
  std::optional<Version> since;       ///< of one bare name: what was published after this version
  bool prereleases = false;           ///< ranges and `latest` admit prereleases
  std::string file;                   ///< the archive; one that is there is replaced at once
  bool dry_run = false;
};

struct ExportResult {
  Digest digest;      ///< of the archive's index, which announces everything else by digest
  std::int64_t size;  ///< of the file, bytes
  std::vector<ArchivedVersion> versions;  ///< by algorithm, then as they were published
  bool written;                           ///< false when the file was there, whole and the same
};

struct ImportOptions {
  std::string file;
  std::optional<Digest> expect;  ///< what the export said
  bool dry_run = false;          ///< reads and checks everything, changes nothing
};

struct ImportResult {
  Digest digest;
  std::vector<ArchivedVersion> versions;  ///< by algorithm, then as they were published
  bool changed;                           ///< false when all was here already
  std::vector<std::string> warnings;      ///< what was not brought, and why
};

/// True when a file begins as an archive does; says nothing of the rest of it. False when it is not
/// there.
ALGOCTL_EXPORT bool is_archive(const std::string& path);

}  // namespace algoctl
