#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "algoctl/manifest.h"
#include "algoctl/publish.h"
#include "algoctl/reference.h"

namespace algoctl {

/// Why a version should not be chosen any more.
struct Yank {
  std::string reason;
  std::optional<Version> replacement;
};

/// A published version, as the registry has it.
struct VersionInfo {
  Algorithm algorithm;
  Version version;
  std::int64_t sequence;  ///< 1 for an algorithm's first, dense
  Digest manifest_sha256;
  std::optional<Version> previous;
  std::int64_t published_at;  ///< milliseconds since 1970, UTC
  std::string published_by;
  std::string notes;
  Provenance provenance;
  Digest record;  ///< digest of all of the above
  std::optional<Yank> yank;
};

/// What a label names.
struct LabelInfo {
  Algorithm algorithm;
  Label label;
  Digest sha256;
  std::int64_t size;      ///< bytes
  std::int64_t moved_at;  ///< milliseconds since 1970, UTC
};

struct ResolveOptions {
  bool prereleases = false;             ///< ranges and `latest` admit prereleases
  std::optional<std::int64_t> at = {};  ///< as of then: milliseconds since 1970, UTC
};

/// One line of a listing of versions.
struct VersionSummary {
  Version version;
  std::int64_t published_at;  ///< milliseconds since 1970, UTC
  std::string notes;
  std::optional<Yank> yank;
  std::vector<std::string> channels;  ///< that name it, sorted
  std::int64_t size;                  ///< bytes of its objects
};

struct PullOptions {
  std::vector<Slot> slots;  ///< none: all
  std::string into;         ///< copy to INTO/LABEL instead of a view
  std::string file;         ///< copy the one slot to this file instead
  bool prereleases = false;
  bool offline = false;  ///< ask no network
  bool dry_run = false;  ///< say which paths it would be
};

struct PulledFile {
  std::optional<Slot> slot;  ///< none for a label
  Label label;
  std::string path;  ///< absolute; below `PullOptions::into` as that was given
  Digest sha256;
  std::int64_t size;  ///< bytes
};

struct PullResult {
  Algorithm algorithm;
  std::optional<Version> version;  ///< none for a label or an unpublished manifest
  std::string folder;              ///< that holds the files under their labels' names
  std::vector<PulledFile> files;   ///< in the manifest's order
  std::optional<Yank> yank;
};

}  // namespace algoctl
