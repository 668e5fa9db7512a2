#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "algoctl/digest.h"
#include "algoctl/name.h"
#include "algoctl/upload.h"
#include "algoctl/version.h"

namespace algoctl {

/// Which part of the number moves. `unset`: minor, or the release of an open prerelease.
enum class Bump { unset, major, minor, patch };

/// `X.Y`: the line of versions that a fix goes on.
struct Line {
  std::int64_t major;
  std::int64_t minor;

  /// Throws Error{usage} unless `text` is two numbers with a dot between them.
  ALGOCTL_EXPORT static Line parse(const std::string& text);
};

/// What the newest version is expected to be, for compare-and-set: a version, or none yet.
struct ExpectedVersion {
  std::optional<Version> version;

  /// Parses a version or `none`. Throws Error{usage}.
  ALGOCTL_EXPORT static ExpectedVersion parse(const std::string& text);
};

/// Where the manifest came from, as the caller found out. Empty fields are unknown.
struct Provenance {
  std::string commit;
  std::string remote;         ///< without credentials
  std::optional<bool> dirty;  ///< uncommitted changes, the manifest aside
};

struct PublishOptions {
  std::string manifest;  ///< path of the working manifest
  Bump bump = Bump::unset;
  std::optional<Version> version;  ///< this number, compared with it alone
  std::string prerelease;          ///< `rc`: X.Y.Z-rc.N
  std::optional<Line> line;
  std::string notes;
  std::optional<ExpectedVersion> expect;
  std::map<std::string, std::string> metadata;
  std::vector<std::string> channels;  ///< that are to name the version, in the same transaction
  std::string idempotency_key;        ///< same key and request: same answer, for ever
  bool allow_duplicate = false;
  bool force = false;           ///< publish although the working copy is stale
  bool allow_external = false;  ///< publish although bytes stay where others may change them
  Provenance provenance;
  bool dry_run = false;
};

struct PublishResult {
  Algorithm algorithm;
  Version version;
  std::optional<Version> previous;
  bool created;  ///< false when nothing was inserted
  Digest manifest_sha256;
  std::vector<std::string> channels;  ///< that name this version now; of a repeated answer: then
  std::vector<std::string> warnings;
  bool repeated = false;  ///< what the idempotency key was answered before
};

/// One verified file, for a gate or a caller.
struct VerifiedFile {
  Slot slot;
  std::string path;  ///< absolute; its last part is the label's
};

struct ReleaseOptions {
  UploadOptions upload;             ///< files, label, replace, algorithm, manifest, git_commit
  PublishOptions publish;           ///< everything but the manifest's path
  std::optional<std::string> from;  ///< a reference, selector or version to start from instead
  /// Called with every slot's file after the bytes are stored and before a label moves.
  /// What it throws passes through, and nothing is published.
  std::function<void(const std::vector<VerifiedFile>&)> gate;
};

struct ReleaseResult {
  std::vector<UploadedFile> files;
  PublishResult published;
};

}  // namespace algoctl
