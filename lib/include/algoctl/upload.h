#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "algoctl/digest.h"
#include "algoctl/export.h"
#include "algoctl/name.h"

namespace algoctl {

/// One file, folder, standard input (`-`) or URL of an object to upload.
struct Source {
  std::string path;
  std::optional<Slot> slot;  ///< none: `model`; for a folder each file's path inside it

  /// Parses `[SLOT=]FILE` or `[SLOT=]URL`. What stands before the first `=` is a slot when it has a
  /// slot's grammar.
  ALGOCTL_EXPORT static Source parse(const std::string& text);
};

/// What a label is expected to name now, for compare-and-set: an object, or nothing.
struct ExpectedObject {
  std::optional<Digest> digest;

  /// Parses `sha256:<hex>` or `none`. Throws Error{usage}.
  ALGOCTL_EXPORT static ExpectedObject parse(const std::string& text);
};

struct UploadOptions {
  std::vector<Source> files;
  std::string label;     ///< template for the label of the only file; empty: the file's name
  bool replace = false;  ///< lets a label move to other bytes
  bool copy = false;     ///< stores the bytes of a URL, which else stay where they are
  std::optional<ExpectedObject> expect;
  bool repoint = true;                      ///< false: the manifest is not touched
  std::optional<Algorithm> algorithm;       ///< whose labels; none: the manifest's
  std::string manifest;                     ///< path of the working manifest; empty: there is none
  std::function<std::string()> git_commit;  ///< the value of `{git}`, asked only when it is used
  bool dry_run = false;
};

struct UploadedFile {
  std::optional<Slot> slot;  ///< none when the manifest is not touched
  std::string uri;
  Label label;
  Digest sha256;
  std::int64_t size;  ///< bytes
  bool stored;        ///< false when the store already had the bytes, or they stay elsewhere
  std::optional<std::string> external = {};  ///< the URL where they stay
};

struct UploadResult {
  std::vector<UploadedFile> files;      ///< in the order given; a folder's files by path
  std::optional<std::string> manifest;  ///< the manifest that was repointed
  std::vector<std::string> warnings;
};

struct UseOptions {
  std::string manifest;                       ///< path of the working manifest
  std::vector<std::pair<Slot, Label>> slots;  ///< or: `from`
  std::optional<std::string> from;            ///< refresh from this reference
  bool dry_run = false;
};

struct UseResult {
  std::vector<std::string> uris;  ///< what the slots given, or all slots, name now
  std::string manifest;
};

}  // namespace algoctl
