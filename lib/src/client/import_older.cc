#include <algorithm>
#include <map>
#include <memory>

#include "algoctl/error.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/text.h"
#include "client/foreign.h"
#include "core/fitted_name.h"
#include "core/older_manifest.h"
#include "store/source.h"

namespace algoctl {
namespace {

constexpr std::string_view kFreezeEnding = ".freeze";
constexpr std::size_t kBlock = std::size_t{256} << 10U;

bool is_file(const std::string& path) {
  const auto info = stat_if_there(path);
  return info && !S_ISDIR(info->st_mode);
}

/// A URI's path on this machine; nullopt for one that is elsewhere.
std::optional<std::string> local_path(const std::string& uri, const std::string& folder) {
  if (starts_with(uri, "file://")) return uri.substr(7);
  if (uri.empty() || uri.find("://") != std::string::npos) return std::nullopt;
  return uri.front() == '/' ? uri : in_folder(folder, uri);
}

bool is_plain_name(const std::string& name) { return !name.empty() && name != "." && name != ".."; }

/// A relative path that stays in its folder.
bool stays_below(const std::string& path) {
  if (path.empty() || path.front() == '/') return false;
  const auto parts = split(path, '/');
  return std::all_of(parts.begin(), parts.end(), is_plain_name);
}

/// Where the files of a manifest may lie, now that the platform is gone.
class FileSearch {
 public:
  FileSearch(std::string folder, const OlderManifest& manifest) : folder_(std::move(folder)) {
    for (const OlderFile& file : manifest.files) ++uses_[name_of(file.source_uri)];
  }

  /// A local path that the URI is; beside the manifest under the URI's base name, unless several
  /// files share that; beside it under the file's own name.
  [[nodiscard]] std::vector<std::string> places(const OlderFile& file) const {
    std::vector<std::string> places;
    const auto add = [&places](const std::string& path) {
      if (std::find(places.begin(), places.end(), path) == places.end()) places.push_back(path);
    };
    if (const auto path = local_path(file.source_uri, folder_)) add(*path);
    const std::string base = name_of(file.source_uri);
    if (is_plain_name(base) && uses_.at(base) == 1) add(in_folder(folder_, base));
    if (stays_below(file.name)) add(in_folder(folder_, file.name));
    return places;
  }

 private:
  std::string folder_;
  std::map<std::string, int> uses_;
};

/// Throws Error{integrity} unless the file has the MD5 that was frozen. Returns the SHA-256 of the
/// very bytes that were judged: what is stored later must have it.
Digest require_frozen(const OlderFile& file, const std::string& path,
                      const TransferOptions& options) {
  ObjectSource source = ObjectSource::open(path);
  const auto block = std::make_unique_for_overwrite<char[]>(kBlock);
  Md5 md5;
  Sha256 sha256;
  std::int64_t done = 0;
  for (std::size_t got = kBlock; got == kBlock;) {
    got = source.read(block.get(), kBlock, options.stop);
    md5.update(block.get(), got);
    sha256.update(block.get(), got);
    done += static_cast<std::int64_t>(got);
  }
  source.require_unchanged(done);
  const std::string here = md5.finish();
  if (here == *file.md5) return Digest(sha256.finish());
  throw Error(Code::integrity,
              file.title() + " is not what was frozen\n  frozen: md5:" + *file.md5 +
                  "\n  here:   md5:" + here + " in " + quoted_path(path),
              "put back the file that was frozen; import takes no other bytes, whatever "
              "fail_on_tamper says");
}

/// Reads the manifest and what was frozen of it, and finds its files.
class Opening {
 public:
  Opening(const std::string& path, const std::string& text, const TransferOptions& options)
      : path_(path), options_(options), fields_(text, path_) {}

  ForeignSource open() {
    const OlderManifest manifest = read();
    source_.where = path_;
    const FileSearch search(folder_of(path_), manifest);
    for (const OlderFile& file : manifest.files) find(file, search.places(file));
    if (source_.files.empty()) {
      throw Error(Code::not_found, "none of the files of " + quoted(path_) + " is there",
                  "put them beside the manifest");
    }
    check();
    source_.metadata = manifest.metadata.values();
    return std::move(source_);
  }

 private:
  /// The freeze, where there is one, says all that the manifest says, and more.
  OlderManifest read() {
    if (is_older_freeze(fields_.root())) return read_freeze();
    OlderManifest manifest = read_older_manifest(fields_);
    const std::string freeze_path = path_ + std::string(kFreezeEnding);
    const auto text = read_file(freeze_path, kLargestForeign);
    if (!text) {
      source_.warnings.push_back("there is no " + quoted(freeze_path) +
                                 ": nothing says what the files were when they were frozen");
      return manifest;
    }
    const JsonFields freeze(*text, freeze_path);
    static_cast<void>(freeze.require(freeze.root(), "lock_checksum", JsonNode::Type::string));
    OlderManifest frozen = read_older_manifest(freeze);
    require_frozen_from(fields_, freeze);
    return frozen;
  }

  /// The freeze was named itself. The manifest that it was made of may be gone.
  OlderManifest read_freeze() {
    OlderManifest frozen = read_older_manifest(fields_);
    const std::size_t stem = path_.size() - std::min(path_.size(), kFreezeEnding.size());
    if (path_.substr(stem) != kFreezeEnding) return frozen;
    const std::string manifest_path = path_.substr(0, stem);
    if (const auto text = read_file(manifest_path, kLargestForeign)) {
      const JsonFields manifest(*text, manifest_path);
      read_older_manifest(manifest);
      require_frozen_from(manifest, fields_);
    }
    return frozen;
  }

  void find(const OlderFile& file, const std::vector<std::string>& places) {
    const auto found = std::find_if(places.begin(), places.end(), is_file);
    if (found == places.end()) return miss(file, places);
    ForeignFile item{{*found, fitted_slot(file.name), name_of(*found), ""}, std::nullopt};
    if (file.md5) item.judged = require_frozen(file, *found, options_);
    const std::string label = fitted_label(item.incoming.file_name).str();
    if (item.incoming.slot->str() != file.name) {
      warn_of(file, "slot " + quoted(item.incoming.slot->str()));
    }
    if (label != item.incoming.file_name) warn_of(file, "label " + quoted(label));
    item.incoming.pattern = label;
    source_.files.push_back(std::move(item));
  }

  void warn_of(const OlderFile& file, const std::string& gets) {
    source_.warnings.push_back(file.title() + " gets the " + gets +
                               ": other characters may not stand in it");
  }

  void miss(const OlderFile& file, const std::vector<std::string>& places) {
    std::string message = file.title() + " is not there";
    for (const std::string& place : places) message += "\n  looked for: " + quoted_path(place);
    if (!file.required) {
      source_.warnings.push_back(message);
      return;
    }
    throw Error(Code::not_found, message,
                "the older platform is gone: put the file where it was looked for");
  }

  /// What would only be found out when the bytes are stored already.
  void check() const {
    std::vector<Incoming> incoming;
    std::map<std::string, std::string> labels;
    for (const ForeignFile& file : source_.files) {
      incoming.push_back(file.incoming);
      const std::string& path = file.incoming.path;
      const auto [first, fresh] = labels.emplace(file.incoming.pattern, path);
      if (fresh || absolute_path(first->second) == absolute_path(path)) continue;
      throw Error(Code::conflict,
                  "two files would have the label " + quoted(file.incoming.pattern) +
                      "\n  first:  " + quoted_path(first->second) +
                      "\n  second: " + quoted_path(path),
                  "put one of them beside the manifest under its own name");
    }
    check_slots(incoming);
  }

  std::string path_;
  const TransferOptions& options_;
  JsonFields fields_;
  ForeignSource source_;
};

}  // namespace

ForeignSource open_older_manifest(const std::string& path, const TransferOptions& options) {
  const auto text = read_file(path, kLargestForeign);
  if (!text) throw Error(Code::not_found, "there is no file " + quoted(path));
  return Opening(path, *text, options).open();
}

}  // namespace algoctl
