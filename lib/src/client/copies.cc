#include "client/copies.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <map>
#include <set>

#include "algoctl/error.h"
#include "base/file.h"
#include "base/scratch_folder.h"
#include "base/text.h"
#include "client/external.h"
#include "client/objects.h"
#include "client/place_files.h"
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
  Place place;  // where it will be
};

// What of an abandoned one is left, the next copy into the same place removes.
constexpr const char* kScratch = ".algoctl-pull-";

/// Has what is elsewhere in the cache before the first is copied, so that it comes side by side.
void bring_near(ClientState& state, const std::vector<Copy>& copies, Network network) {
  if (state.is_store_here()) return;
  std::vector<ModelFile> models;
  for (const Copy& copy : copies) models.push_back(*copy.model);
  verified_objects(state, models, network);
}

/// Each gets its own name at once, when all are ready.
void copy_each(ClientState& state, const std::vector<Copy>& copies, const std::string& folder,
               Network network) {
  make_folders(folder);
  const ScratchFolder scratch(folder, kScratch);
  std::vector<Copy> wanted;
  for (const Copy& copy : copies) {
    if (holds_already(state, copy.place.path(), *copy.model)) {
      sync_named(copy.place.path());
    } else {
      wanted.push_back(copy);
    }
  }
  if (wanted.empty()) return;
  bring_near(state, wanted, network);
  std::vector<ReadyFile> ready;
  for (const Copy& copy : wanted) {
    ready.push_back({scratch.path() + "/" + std::to_string(ready.size()), copy.place});
    copy_object(state, *copy.model, ready.back().staged, folder, network);
  }
  place_files(ready);
}

/// All appear at once, with their folder, which was not there. When another process makes it
/// meanwhile, each gets its name in that one.
void copy_whole(ClientState& state, const std::vector<Copy>& copies, const std::string& folder,
                Network network) {
  bring_near(state, copies, network);
  make_folders(folder_of(folder));
  const ScratchFolder scratch(folder_of(folder), kScratch);
  const std::string whole = scratch.path() + "/whole";
  make_folder_as_in(folder_of(folder), whole);
  std::vector<ReadyFile> ready;
  std::set<std::string> folders{whole};
  for (const Copy& copy : copies) {
    ready.push_back({whole + "/" + copy.place.relative, copy.place});
    make_folders(*folders.insert(folder_of(ready.back().staged)).first);
    copy_object(state, *copy.model, ready.back().staged, whole, network);
  }
  for (const std::string& changed : folders) sync_folder(changed);
  if (!place_folder(whole, folder)) place_files(ready);
}

/// True when the folder can be made elsewhere and then get its name.
bool is_new_name(const std::string& folder) {
  const std::string name = name_of(folder);
  return !name.empty() && name != "." && name != ".." && !stat_if_there(folder);
}

/// Throws when two of the files cannot be there at once.
void require_no_clash(const std::map<std::string, const ModelFile*>& places, const ModelFile& model,
                      const std::string& folder) {
  const auto refuse = [&](const ModelFile& other, const std::string& how) {
    throw Error(Code::conflict,
                quoted(model.uri()) + " and " + quoted(other.uri()) + how + ": both cannot be in " +
                    quoted(folder),
                "pull one algorithm at a time, each into a folder of its own");
  };
  const std::string label = model.label.str();
  if (const auto same = places.find(label);
      same != places.end() && same->second->sha256 != model.sha256) {
    refuse(*same->second, " have one name and different bytes");
  }
  if (const auto below = places.lower_bound(label + "/");
      below != places.end() && starts_with(below->first, label + "/")) {
    refuse(*below->second, " make a file and a folder of one name");
  }
  for (auto slash = label.find('/'); slash != std::string::npos;
       slash = label.find('/', slash + 1)) {
    const auto above = places.find(label.substr(0, slash));
    if (above != places.end()) refuse(*above->second, " make a file and a folder of one name");
  }
}

PulledFile pulled(const ModelFile& model, const std::string& path) {
  return {model.slot, model.label, path, model.sha256, model.size};
}

}  // namespace

std::vector<PulledFile> copy_into_folder(ClientState& state, const std::vector<ModelFile>& models,
                                         const std::string& folder, bool dry_run, Network network) {
  std::vector<Copy> copies;
  std::vector<PulledFile> files;
  std::map<std::string, const ModelFile*> places;
  const std::size_t end = folder.find_last_not_of('/') + 1;
  const std::string bare = end == 0 ? "/" : folder.substr(0, end);
  for (const ModelFile& model : models) {
    const std::string label = model.label.str();
    files.push_back(pulled(model, (folder == "/" ? "" : folder) + "/" + label));
    require_no_clash(places, model, folder);
    if (places.emplace(label, &model).second) copies.push_back({&model, {bare, label}});
  }
  for (const Copy& copy : copies) require_place(copy.place.path());
  if (dry_run) return files;
  if (is_new_name(bare)) {
    copy_whole(state, copies, bare, network);
  } else {
    // Who was killed when the folder had just got its name left something beside it.
    sweep_scratch_folders(folder_of(bare), kScratch);
    copy_each(state, copies, bare, network);
  }
  return files;
}

std::vector<PulledFile> copy_to_file(ClientState& state, const ModelFile& model,
                                     const std::string& path, bool dry_run, Network network) {
  if (name_of(path).empty()) {
    throw Error(Code::usage, quoted(path) + " is a folder, and no place for a file",
                "choose another place");
  }
  require_place(path);
  const Copy copy{&model, {folder_of(path), name_of(path)}};
  if (!dry_run) copy_each(state, {copy}, copy.place.root, network);
  return {pulled(model, path)};
}

}  // namespace algoctl
