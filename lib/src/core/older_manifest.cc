#include "core/older_manifest.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/hash.h"
#include "base/text.h"
#include "core/fitted_name.h"
#include "core/python_repr.h"

namespace algoctl {
namespace {

using Type = JsonNode::Type;

constexpr std::string_view kLock = "lock_checksum";
constexpr std::string_view kLists[] = {"required_files", "optional_files"};

bool is_md5(std::string_view text) {
  return text.size() == 32 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

std::string checksum(const JsonFields& fields, const JsonNode& object, std::string_view key,
                     std::string_view subject = {}) {
  const JsonNode& node = fields.require(object, key, Type::string, subject);
  if (is_md5(node.text)) return node.text;
  fields.refuse(node.begin,
                std::string(subject) + "malformed MD5 " + quoted(node.text) + " in " + quoted(key));
}

/// The lock is the MD5 of what Python prints of the rest, in the order of the text.
void check_lock(const JsonFields& fields) {
  const std::string written = checksum(fields, fields.root(), kLock);
  Md5 md5;
  md5.update(python_repr(fields.root(), kLock));
  const std::string computed = md5.finish();
  if (written == computed) return;
  throw Error(Code::integrity,
              quoted(fields.where()) + " was changed after it was frozen\n  lock_checksum: " +
                  written + "\n  computed:      " + computed,
              "take the freeze as it was written, or remove it to import without its checksums");
}

class OlderReader {
 public:
  explicit OlderReader(const JsonFields& fields)
      : fields_(fields), frozen_(is_older_freeze(fields.root())) {}

  OlderManifest read() {
    for (const std::string_view list : kLists) {
      const JsonNode* files = fields_.root().find(list);
      if (files == nullptr) continue;
      fields_.require_type(*files, Type::array, quoted(list));
      for (const JsonNode& file : files->items) read_file(file, list == kLists[0]);
    }
    if (result_.files.empty()) fields_.refuse(fields_.root().begin, "the manifest names no files");
    for (const JsonMember& member : fields_.root().members) {
      const bool list = std::count(std::begin(kLists), std::end(kLists), member.key) > 0;
      if (list || member.key == kLock) continue;
      fields_.at(member.key_begin, {},
                 [&] { result_.metadata.add("manifest." + member.key, member.value); });
    }
    return std::move(result_);
  }

 private:
  void read_file(const JsonNode& entry, bool required) {
    fields_.require_type(entry, Type::object, required ? "a required file" : "an optional file");
    const JsonNode& name = fields_.require(entry, "name", Type::string);
    OlderFile file{name.text, "", required, std::nullopt};
    const std::string subject = file.title() + ": ";
    if (!names_.insert(file.name).second) {
      fields_.refuse(name.begin, "a second file is called " + quoted(file.name));
    }
    file.source_uri = fields_.require(entry, "source_uri", Type::string, subject).text;
    if (const JsonNode* tamper = entry.find("fail_on_tamper")) {
      fields_.require_type(*tamper, Type::boolean, "'fail_on_tamper'", subject);
    }
    if ((frozen_ && required) || entry.find("md5_checksum") != nullptr) {
      file.md5 = checksum(fields_, entry, "md5_checksum", subject);
    }
    const std::string slot =
        fields_.at(name.begin, subject, [&] { return fitted_slot(file.name).str(); });
    if (const JsonNode* metadata = entry.find("metadata")) {
      if (!metadata->is(Type::null)) {
        fields_.require_type(*metadata, Type::object, "'metadata'", subject);
      }
      fields_.at(metadata->begin, subject, [&] { result_.metadata.add_members(slot, *metadata); });
    }
    result_.files.push_back(std::move(file));
  }

  const JsonFields& fields_;
  bool frozen_;
  std::set<std::string> names_;
  OlderManifest result_;
};

bool same_value(const JsonNode& a, const JsonNode& b) {
  if (a.type != b.type || a.items.size() != b.items.size() ||
      a.members.size() != b.members.size()) {
    return false;
  }
  if (a.is(Type::number)) return python_number(a.text) == python_number(b.text);
  if (a.text != b.text) return false;
  for (std::size_t i = 0; i < a.items.size(); ++i) {
    if (!same_value(a.items[i], b.items[i])) return false;
  }
  return std::all_of(a.members.begin(), a.members.end(), [&](const JsonMember& member) {
    const JsonNode* there = b.find(member.key);
    return there != nullptr && same_value(member.value, *there);
  });
}

std::string shown(const JsonNode* node) {
  if (node == nullptr) return "none";
  if (node->is(Type::string)) return quoted(node->text);
  const std::string text = quoted(python_repr(*node));  // which cuts what is long
  return text.substr(1, text.size() - 2);
}

/// A freeze held against the manifest that it should have been made of.
class FreezeCheck {
 public:
  FreezeCheck(const JsonFields& manifest, const JsonFields& freeze)
      : manifest_(manifest), freeze_(freeze) {}

  void check() const {
    for (const std::string_view list : kLists) check_list(list);
    check_object("the manifest", manifest_.root(), freeze_.root(),
                 {"timestamp", kLock, kLists[0], kLists[1]});
  }

 private:
  [[noreturn]] void differ(const std::string& what, const std::string& there,
                           const std::string& frozen) const {
    throw Error(Code::conflict,
                quoted(manifest_.where()) + " and " + quoted(freeze_.where()) + " disagree about " +
                    what + "\n  manifest: " + there + "\n  freeze:   " + frozen,
                "put back the manifest that was frozen, or remove the freeze to import without its "
                "checksums");
  }

  /// Every member but those that freezing adds: `added` count only where the manifest has them.
  void check_object(const std::string& title, const JsonNode& there, const JsonNode& frozen,
                    const std::vector<std::string_view>& added) const {
    const auto is_added = [&](const std::string& key) {
      return std::find(added.begin(), added.end(), key) != added.end();
    };
    const auto check_member = [&](const std::string& key) {
      const JsonNode* mine = there.find(key);
      const JsonNode* theirs = frozen.find(key);
      if (mine != nullptr && theirs != nullptr && same_value(*mine, *theirs)) return;
      differ(quoted(key) + " of " + title, shown(mine), shown(theirs));
    };
    for (const JsonMember& member : there.members) {
      if (!is_added(member.key)) check_member(member.key);
    }
    for (const JsonMember& member : frozen.members) {
      if (!is_added(member.key)) check_member(member.key);
    }
  }

  using Files = std::map<std::string, const JsonNode*>;

  /// The files of a list that was read without complaint, by name.
  static Files files_of(const JsonFields& fields, std::string_view list) {
    Files files;
    const JsonNode* node = fields.root().find(list);
    if (node == nullptr) return files;
    for (const JsonNode& file : node->items) files.emplace(file.find("name")->text, &file);
    return files;
  }

  void check_list(std::string_view list) const {
    const Files there = files_of(manifest_, list);
    const Files frozen = files_of(freeze_, list);
    const auto title = [&](const std::string& name) {
      return "file " + quoted(name) + " of " + quoted(list);
    };
    for (const auto& [name, file] : there) {
      const auto same = frozen.find(name);
      if (same == frozen.end()) differ(title(name), "there", "none");
      check_object(title(name), *file, *same->second, {"md5_checksum"});
    }
    for (const auto& [name, file] : frozen) {
      if (there.count(name) == 0) differ(title(name), "none", "there");
    }
  }

  const JsonFields& manifest_;
  const JsonFields& freeze_;
};

}  // namespace

std::string OlderFile::title() const {
  return (required ? "required file " : "optional file ") + quoted(name);
}

bool is_older_manifest(const JsonNode& root) {
  return root.find(kLists[0]) != nullptr || root.find(kLists[1]) != nullptr;
}

bool is_older_freeze(const JsonNode& root) { return root.find(kLock) != nullptr; }

OlderManifest read_older_manifest(const JsonFields& fields) {
  if (is_older_freeze(fields.root())) check_lock(fields);
  return OlderReader(fields).read();
}

void require_frozen_from(const JsonFields& manifest, const JsonFields& freeze) {
  FreezeCheck(manifest, freeze).check();
}

}  // namespace algoctl
