#include "client/sources.h"

#include <dirent.h>
#include <limits.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <memory>
#include <set>

#include "algoctl/error.h"
#include "base/file.h"
#include "base/text.h"
#include "core/label_template.h"
#include "store/remote/object_url.h"

namespace algoctl {
namespace {

constexpr const char* kStandardInput = "-";

struct CloseFolder {
  void operator()(DIR* folder) const { ::closedir(folder); }
};

/// The paths of all files below a folder, relative to it, sorted. A link to a file counts as one.
void walk(const std::string& root, const std::string& below, std::vector<std::string>& files) {
  const std::string path = below.empty() ? root : root + "/" + below;
  const std::unique_ptr<DIR, CloseFolder> folder(::opendir(path.c_str()));
  if (!folder) throw_errno("cannot read folder " + quoted(path), errno);
  while (const dirent* entry = ::readdir(folder.get())) {
    const std::string name = entry->d_name;
    if (name == "." || name == "..") continue;
    const std::string relative = below.empty() ? name : below + "/" + name;
    const std::string full = root + "/" + relative;
    struct stat info {};
    if (::lstat(full.c_str(), &info) != 0) throw_errno("cannot look at " + quoted(full), errno);
    if (S_ISLNK(info.st_mode)) {
      const auto target = stat_if_there(full);
      if (!target || S_ISDIR(target->st_mode)) {
        throw Error(Code::usage,
                    quoted(full) + " is a link to " + (target ? "a folder" : "nothing"),
                    "put the files themselves into the folder");
      }
      info = *target;
    }
    if (S_ISDIR(info.st_mode)) {
      walk(root, relative, files);
    } else {
      files.push_back(relative);
    }
  }
}

/// The name of a folder itself, also of `.` and `a/..`.
std::string folder_name(const std::string& path) {
  const std::unique_ptr<char, decltype(&std::free)> real(::realpath(path.c_str(), nullptr),
                                                         &std::free);
  if (!real) throw_errno("cannot look at " + quoted(path), errno);
  return name_of(real.get());
}

std::vector<Incoming> expand_folder(const Source& source, bool with_slots) {
  if (source.slot) {
    throw Error(Code::usage,
                quoted(source.path) + " is a folder, but slot " + quoted(source.slot->str()) +
                    " takes one file",
                "name a file, or leave the slot out: each file's path becomes its slot");
  }
  std::vector<std::string> files;
  std::string root = source.path;
  while (root.size() > 1 && root.back() == '/') root.pop_back();
  walk(root, "", files);
  if (files.empty()) throw Error(Code::usage, "folder " + quoted(source.path) + " has no files");
  std::sort(files.begin(), files.end());
  std::vector<Incoming> incoming;
  for (const std::string& file : files) {
    Incoming item{root + "/" + file, std::nullopt, name_of(file), folder_name(root) + "/" + file,
                  root};
    if (with_slots) item.slot = Slot::parse(file);
    Label::parse(item.pattern);
    incoming.push_back(std::move(item));
  }
  return incoming;
}

/// The slot of a file that names none: `model`, when that is unmistakable.
Slot default_slot(const UploadOptions& options, const ManifestOutline& outline) {
  if (options.files.size() > 1) {
    throw Error(Code::usage, "several files need slots each", "write SLOT=FILE for each of them");
  }
  const Slot model = Slot::parse("model");
  const auto& slots = outline.slots;
  if (!slots.empty() && std::find(slots.begin(), slots.end(), model) == slots.end()) {
    std::vector<std::string> names;
    for (const Slot& slot : slots) names.push_back(slot.str());
    throw Error(Code::usage, "the manifest has no slot 'model' to point at the file",
                "name the slot: SLOT=FILE; there are: " + join(names, ", "));
  }
  return model;
}

/// A file's own name is a label as it is: what looks like a field in it is none.
void require_label(const std::string& name) {
  if (name.find('{') == std::string::npos) return;  // looked at with the others
  try {
    Label::parse(name);
  } catch (const Error& error) {
    throw Error(error.code(), error.message(), "give it another label with --as");
  }
}

Incoming single_file(const UploadOptions& options, const Source& source,
                     const std::optional<ManifestOutline>& outline) {
  const std::string name =
      ObjectUrl::matches(source.path) ? ObjectUrl::parse(source.path).key : name_of(source.path);
  Incoming item{source.path, source.slot, name, options.label.empty() ? name : options.label};
  if (!outline) {
    item.slot.reset();
  } else if (!item.slot) {
    item.slot = default_slot(options, *outline);
  }
  if (source.path == kStandardInput && options.label.empty()) {
    throw Error(Code::usage, "standard input has no name", "give it a label with --as");
  }
  if (options.label.empty()) require_label(name);
  return item;
}

bool is_path(const Source& source) {
  return source.path != kStandardInput && !ObjectUrl::matches(source.path);
}

/// Where a person who wrote `a=b` may have meant a file of that name.
void require_there(const Source& source) {
  if (!is_path(source) || stat_if_there(source.path)) return;
  std::string hint = "check the path and the current folder";
  if (source.slot) {
    const std::string whole = source.slot->str() + "=" + source.path;
    if (stat_if_there(whole)) {
      hint = "what stands before '=' is a slot; to upload the file " + quoted(whole) + " write ./" +
             whole;
    }
  }
  throw Error(Code::not_found, "there is no file " + quoted(source.path), hint);
}

void check_twice(const std::vector<Incoming>& incoming) {
  std::set<std::string> slots;
  for (const Incoming& item : incoming) {
    if (item.slot && !slots.insert(item.slot->str()).second) {
      throw Error(Code::usage, "slot " + quoted(item.slot->str()) + " is given twice",
                  "give each slot one file");
    }
  }
}

/// Two slots that a gate would see under one name: found before anything is stored.
void check_variables(const std::vector<Incoming>& incoming,
                     const std::optional<ManifestOutline>& outline) {
  std::vector<Slot> slots = outline ? outline->slots : std::vector<Slot>{};
  for (const Incoming& item : incoming) {
    if (!item.slot) continue;
    for (const Slot& slot : slots) {
      if (slot == *item.slot || slot.variable() != item.slot->variable()) continue;
      throw Error(Code::usage,
                  "slots " + quoted(slot.str()) + " and " + quoted(item.slot->str()) +
                      " share the environment variable " + slot.variable(),
                  "rename one of them");
    }
    slots.push_back(*item.slot);
  }
}

}  // namespace

Source Source::parse(const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals != std::string::npos) {
    try {
      return {text.substr(equals + 1), Slot::parse(text.substr(0, equals))};
    } catch (const Error&) {
      // No slot: the `=` belongs to the file's name.
    }
  }
  return {text, std::nullopt};
}

ExpectedObject ExpectedObject::parse(const std::string& text) {
  if (text == "none") return {};
  return {Digest::parse(text)};
}

std::vector<Incoming> expand_sources(const UploadOptions& options,
                                     const std::optional<ManifestOutline>& outline) {
  std::vector<Incoming> incoming;
  for (const Source& source : options.files) {
    require_there(source);
    const auto info = is_path(source) ? stat_if_there(source.path) : std::nullopt;
    if (info && S_ISDIR(info->st_mode)) {
      for (Incoming& item : expand_folder(source, outline.has_value())) {
        incoming.push_back(std::move(item));
      }
    } else {
      incoming.push_back(single_file(options, source, outline));
    }
  }
  if (!options.label.empty() && (options.files.size() != 1 || incoming.size() != 1 ||
                                 incoming.front().pattern != options.label)) {
    throw Error(Code::usage, "--as names one file", "upload the files one by one");
  }
  check_twice(incoming);
  check_variables(incoming, outline);
  for (const Incoming& item : incoming) {
    if (item.pattern.find('{') == std::string::npos) Label::parse(item.pattern);
    label_needs_digest(item.pattern);  // an unknown field is found before anything is stored
  }
  return incoming;
}

void check_slots(const std::vector<Incoming>& incoming) {
  check_twice(incoming);
  check_variables(incoming, std::nullopt);
}

}  // namespace algoctl
