#include "client/copies.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <set>

#include "algoctl/error.h"
#include "base/file.h"
#include "base/scratch_folder.h"
#include "base/text.h"
#include "client/mirrors.h"
#include "client/objects.h"
#include "store/verify.h"

namespace algoctl {
namespace {

/// A complete, verified, durable copy of an object, without its name yet.
void copy_object(ClientState& state, const ModelFile& model, const std::string& path,
                 const std::string& folder) {
  const Fd file = open_file(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, file_mode_in(folder));
  const TransferOptions watch = watching(state, model.label, model.size);
  const auto own = [&]() -> Store& {
    return require_store(state, "label " + quoted(model.label.str()));
  };
  const auto copy = [&](const Store& store) {
    try {
      if (::ftruncate(file.get(), 0) != 0 || ::lseek(file.get(), 0, SEEK_SET) != 0) {
        throw_errno("cannot write " + quoted_path(path), errno);
      }
      if (store.is_local()) {
        store.fetch(model.sha256, model.size, file.get(), path, watch);
      } else {
        // By way of the cache: there a transfer that was cut off goes on.
        const auto cached = object_in(state, store, model.sha256, model.size, watch);
        copy_verified(*cached, model.sha256, model.size, file.get(), path, state.stamps, watch);
      }
      return true;
    } catch (Error& error) {
      throw error.within("label " + quoted(model.label.str()));
    }
  };
  read_from_any(state, own, copy);
  share_file(file.get(), path, folder);
  sync_file(file.get(), path);
}

bool holds_already(const ClientState& state, const std::string& path, const ModelFile& model) {
  const auto info = stat_if_there(path);
  if (!info) return false;
  if (S_ISDIR(info->st_mode)) {
    throw Error(Code::usage, quoted(path) + " is a folder, and no place for a file",
                "choose another place");
  }
  return S_ISREG(info->st_mode) && info->st_size == model.size &&
         digest_of_file(path, state.stamps) == model.sha256;
}

struct Copy {
  const ModelFile* model;
  std::string path;    // where it will be
  std::string staged;  // where it is now; empty when it is there already
};

void copy_all(ClientState& state, std::vector<Copy>& copies, const std::string& folder) {
  make_folders(folder);
  const ScratchFolder scratch(folder, ".algoctl-pull-");
  std::set<std::string> folders;
  for (std::size_t i = 0; i < copies.size(); ++i) {
    Copy& copy = copies[i];
    if (holds_already(state, copy.path, *copy.model)) continue;
    copy.staged = scratch.path() + "/" + std::to_string(i);
    copy_object(state, *copy.model, copy.staged, folder);
  }
  for (const Copy& copy : copies) {
    if (copy.staged.empty()) continue;
    make_folders(folder_of(copy.path));
    if (::rename(copy.staged.c_str(), copy.path.c_str()) != 0) {
      throw_errno("cannot write " + quoted(copy.path), errno);
    }
    folders.insert(folder_of(copy.path));
  }
  for (const std::string& changed : folders) sync_folder(changed);
}

PulledFile pulled(const ModelFile& model, const std::string& path) {
  return {model.slot, model.label, path, model.sha256, model.size};
}

}  // namespace

std::vector<PulledFile> copy_into_folder(ClientState& state, const std::vector<ModelFile>& models,
                                         const std::string& folder, bool dry_run) {
  std::vector<Copy> copies;
  std::vector<PulledFile> files;
  std::set<Label> seen;
  for (const ModelFile& model : models) {
    const std::string path = (folder == "/" ? "" : folder) + "/" + model.label.str();
    files.push_back(pulled(model, path));
    if (seen.insert(model.label).second) copies.push_back({&model, path, ""});
  }
  if (!dry_run) copy_all(state, copies, folder);
  return files;
}

std::vector<PulledFile> copy_to_file(ClientState& state, const ModelFile& model,
                                     const std::string& path, bool dry_run) {
  std::vector<Copy> copies{{&model, path, ""}};
  if (!dry_run) copy_all(state, copies, folder_of(path));
  return {pulled(model, path)};
}

}  // namespace algoctl
