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
#include "client/external.h"
#include "client/objects.h"
#include "client/transfers.h"
#include "store/verify.h"

namespace algoctl {
namespace {

/// A complete, verified, durable copy of an object, without its name yet.
void copy_object(ClientState& state, const ModelFile& model, const std::string& path,
                 const std::string& folder, Network network) {
  const Fd file = open_file(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, file_mode_in(folder));
  const TransferOptions watch = watching(state, model.label.str(), model.size);
  const auto own = [&]() -> Store& {
    return require_store(state, "label " + quoted(model.label.str()));
  };
  const auto begin_again = [&] {
    if (::ftruncate(file.get(), 0) == 0 && ::lseek(file.get(), 0, SEEK_SET) == 0) return;
    throw_errno("cannot write " + quoted_path(path), errno);
  };
  // What is elsewhere comes by way of the cache: there a transfer that was cut off goes on.
  const auto copy_cached = [&](const std::string& cached) {
    copy_verified(cached, model.sha256, model.size, file.get(), path, state.stamps, watch);
  };
  const auto read = [&](const Store& store) {
    begin_again();
    if (store.is_local()) {
      store.fetch(model.sha256, model.size, file.get(), path, watch);
    } else {
      copy_cached(*object_in(state, store, model.sha256, model.size, watch));
    }
    return true;
  };
  const auto outside = [&](const std::vector<std::string>& places) {
    begin_again();
    copy_cached(object_outside(state, places, model.sha256, model.size, watch));
  };
  try {
    if (network == Network::left_alone) {
      copy_cached(object_here(state, model, watch));
    } else if (const auto copy = object_in_cache(state, model.sha256, model.size, watch)) {
      copy_cached(*copy);
    } else {
      read_from_anywhere(state, model.sha256, own, read, outside);
    }
  } catch (Error& error) {
    throw error.within("label " + quoted(model.label.str()));
  }
  share_file(file.get(), path, folder);
  sync_file(file.get(), path);
}

/// What is there and no file, such as a device, is not to be replaced by one.
void require_place(const std::string& path) {
  const auto info = stat_if_there(path);
  if (!info || S_ISREG(info->st_mode)) return;
  const std::string what = S_ISDIR(info->st_mode) ? "a folder" : "no regular file";
  throw Error(Code::usage, quoted(path) + " is " + what + ", and no place for a file",
              "choose another place");
}

bool holds_already(const ClientState& state, const std::string& path, const ModelFile& model) {
  const auto info = stat_if_there(path);
  if (!info) return false;
  return S_ISREG(info->st_mode) && info->st_size == model.size &&
         digest_of_file(path, state.stamps) == model.sha256;
}

struct Copy {
  const ModelFile* model;
  std::string path;    // where it will be
  std::string staged;  // where it is now; empty when it is there already
};

/// Has what is elsewhere in the cache before the first is copied, so that it comes side by side.
void bring_near(ClientState& state, const std::vector<Copy*>& copies, Network network) {
  if (state.is_store_here()) return;
  std::vector<ModelFile> models;
  for (const Copy* copy : copies) models.push_back(*copy->model);
  verified_objects(state, models, network);
}

void copy_all(ClientState& state, std::vector<Copy>& copies, const std::string& folder,
              bool dry_run, Network network) {
  for (const Copy& copy : copies) require_place(copy.path);
  if (dry_run) return;
  make_folders(folder);
  const ScratchFolder scratch(folder, ".algoctl-pull-");
  std::vector<Copy*> wanted;
  for (Copy& copy : copies) {
    if (!holds_already(state, copy.path, *copy.model)) wanted.push_back(&copy);
  }
  if (wanted.empty()) return;
  bring_near(state, wanted, network);
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    wanted[i]->staged = scratch.path() + "/" + std::to_string(i);
    copy_object(state, *wanted[i]->model, wanted[i]->staged, folder, network);
  }
  std::set<std::string> folders;
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
                                         const std::string& folder, bool dry_run, Network network) {
  std::vector<Copy> copies;
  std::vector<PulledFile> files;
  std::set<Label> seen;
  for (const ModelFile& model : models) {
    const std::string path = (folder == "/" ? "" : folder) + "/" + model.label.str();
    files.push_back(pulled(model, path));
    if (seen.insert(model.label).second) copies.push_back({&model, path, ""});
  }
  copy_all(state, copies, folder, dry_run, network);
  return files;
}

std::vector<PulledFile> copy_to_file(ClientState& state, const ModelFile& model,
                                     const std::string& path, bool dry_run, Network network) {
  std::vector<Copy> copies{{&model, path, ""}};
  copy_all(state, copies, folder_of(path), dry_run, network);
  return {pulled(model, path)};
}

}  // namespace algoctl
