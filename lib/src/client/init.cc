#include <unistd.h>

#include "algoctl/client.h"
#include "base/file.h"
#include "base/text.h"
#include "client/state.h"
#include "core/manifest_text.h"
#include "registry/algorithms.h"
#include "registry/manifests.h"
#include "registry/versions.h"

namespace algoctl {
namespace {

/// True when the manifest is there for this algorithm. Throws Error{conflict} when it is another's.
bool is_there(const std::string& path, const Algorithm& algorithm) {
  if (!stat_if_there(path)) return false;
  const ManifestOutline outline = outline_manifest(read_working_copy(path), path);
  if (outline.name == algorithm) return true;
  throw Error(Code::conflict,
              quoted(path) + " belongs to another algorithm\n  there: " + outline.name.str() +
                  "\n  yours: " + algorithm.str(),
              "choose another folder with --dir");
}

/// The text of a new manifest: with the newest version's slots, when there is a version.
std::string first_text(Db& db, const Algorithm& algorithm) {
  const auto row = find_algorithm(db, algorithm);
  const auto newest = row ? newest_version(db, *row, std::nullopt) : std::nullopt;
  if (!newest) return new_manifest(algorithm, {}, std::nullopt);
  const auto published =
      Manifest::parse(manifest_bytes(db, newest->manifest_sha256), newest->version.str());
  return new_manifest(algorithm, published.models, newest->version);
}

}  // namespace

std::string Client::init(const Algorithm& algorithm, const std::string& folder, bool dry_run) {
  return init_manifest(algorithm, folder + "/algorithm.json", dry_run);
}

/// The algorithm comes last: what was refused on the way has claimed no name.
std::string Client::init_manifest(const Algorithm& algorithm, const std::string& file,
                                  bool dry_run) {
  const std::string path = absolute_path(file);
  const bool there = is_there(path, algorithm);
  if (!there) foresee_folder(folder_of(path));
  state_->registry.read([&](Db& db) { check_collision(db, algorithm); });
  state_->foresee_store();
  if (dry_run) return path;
  state_->writable_store();
  if (!there) {
    std::string text;
    // For writing: a registry that takes nothing is found before anything is made beside it.
    state_->registry.write([&](Db& db) {
      check_collision(db, algorithm);
      text = first_text(db, algorithm);
    });
    make_folders(folder_of(path));
    create_working_copy(path, state_->rewriting(), text);
    is_there(path, algorithm);  // somebody may have been faster, for another algorithm
  }
  try {
    state_->registry.write([&](Db& db) { take_algorithm(db, algorithm); });
  } catch (const Error& error) {
    // A name that looks the same was taken just now: the manifest would speak of nothing.
    if (!there && error.code() == Code::conflict) ::unlink(path.c_str());
    throw;
  }
  return path;
}

}  // namespace algoctl
