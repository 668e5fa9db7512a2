#include "store/marker.h"

#include <algorithm>

#include "algoctl/error.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/scratch_folder.h"
#include "base/text.h"
#include "store/staging_file.h"

namespace algoctl {
namespace {

constexpr std::string_view kSchemaFamily = "algoctl.store/v";
constexpr std::string_view kMarkerSchema = "algoctl.store/v1";
constexpr std::int64_t kLongestMarker = std::int64_t{64} << 10U;

/// What the folder is called in which a marker is written.
constexpr const char* kScratch = ".marker-";

std::string path_in(const std::string& folder) { return folder + "/store.json"; }

std::string text_of(const JsonNode& object, std::string_view key) {
  const JsonNode* value = object.find(key);
  return value != nullptr && value->is(JsonNode::Type::string) ? value->text : std::string();
}

bool is_id(const std::string& text) {
  return text.size() == 32 && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

/// `path` as errors show it.
[[noreturn]] void throw_no_marker(const std::string& path, const std::string& why) {
  throw Error(Code::storage, path + " is not the marker of a store: " + why,
              "bring it back from a copy: it names the store");
}

}  // namespace

std::string marker_text(const Marker& marker) {
  return Json::object()
             .set("schema", kMarkerSchema)
             .set("id", marker.id)
             .set("owner", marker.owner)
             .dump() +
         "\n";
}

Marker new_marker(const std::string& owner) { return {to_hex(random_bytes(16)), owner}; }

Marker parse_marker(const std::string& text, const std::string& where,
                    const std::string& store) try {
  const JsonNode root = parse_json(text, where);
  const std::string schema = text_of(root, "schema");
  if (schema != kMarkerSchema && starts_with(schema, kSchemaFamily)) {
    throw Error(Code::storage, "store " + store + " is of the newer kind " + quoted(schema),
                "upgrade algoctl: this one knows " + std::string(kMarkerSchema));
  }
  if (schema != kMarkerSchema) throw_no_marker(where, "its schema is " + quoted(schema));
  Marker marker{text_of(root, "id"), text_of(root, "owner")};
  if (!is_id(marker.id)) throw_no_marker(where, "its id is " + quoted(marker.id));
  return marker;
} catch (const Error& error) {
  if (error.code() == Code::usage) throw_no_marker(where, error.message());
  throw;
}

std::optional<Marker> read_marker(const std::string& folder) {
  const std::string path = path_in(folder);
  const auto info = stat_if_there(path);
  if (!info) return std::nullopt;
  if (!S_ISREG(info->st_mode)) throw_no_marker(quoted_path(path), "it is not a regular file");
  const auto text = read_file(path, kLongestMarker);
  if (!text) return std::nullopt;
  return parse_marker(*text, quoted_path(path), quoted_path(folder));
}

void write_marker_if_none(const std::string& folder, const std::string& owner) {
  if (read_marker(folder)) {
    // Its writer may have been killed right after.
    sweep_scratch_folders(folder + "/staging", kScratch);
    return sync_folder(folder);
  }
  const std::string text = marker_text(new_marker(owner));
  const ScratchFolder scratch(folder + "/staging", kScratch);
  StagingFile staged(scratch.path() + "/store.json");
  write_all(staged.fd(), text, staged.path());
  staged.seal(file_mode_in(folder));
  // Of several processes one wins; the name that the others then find may not be durable yet.
  [[maybe_unused]] const bool won = staged.move_to_new(path_in(folder));
  sync_folder(folder);
}

}  // namespace algoctl
