#include "client/repoint.h"

#include "algoctl/error.h"
#include "base/json.h"
#include "base/text.h"
#include "core/splice.h"

namespace algoctl {
namespace {

/// What a slot's `uri` and `sha256` say, however unfinished the slot is.
std::string slot_text(const std::string& manifest, const std::string& where, const Slot& slot) {
  const JsonNode root = parse_json(manifest, where);
  const JsonNode* models = root.find("models");
  const JsonNode* model = models != nullptr ? models->find(slot.str()) : nullptr;
  if (model == nullptr) return "";
  std::string text = "{";
  for (const char* field : {"uri", "sha256"}) {
    const JsonNode* value = model->find(field);
    text += value != nullptr ? value->text + "," : ",";
  }
  return text;
}

}  // namespace

std::string repointed(const std::string& text, const std::string& where, const Algorithm& algorithm,
                      const std::vector<Arrived>& files) {
  ManifestEdit edit;
  for (const Arrived& file : files) edit.models.push_back(file.model(algorithm));
  return splice_manifest(text, edit, where);
}

std::string repointed_since(const std::string& now, const std::string& path, const Target& target,
                            const std::vector<Arrived>& files,
                            const std::function<std::string(const Arrived&)>& way_out) {
  const std::string planned = repointed(target.text, path, target.algorithm, files);
  if (outline_manifest(now, path).name != target.algorithm) {
    throw Error(Code::conflict, quoted(path) + " became another algorithm's meanwhile",
                "look at it and run it again");
  }
  for (const Arrived& file : files) {
    const std::string there = slot_text(now, path, *file.slot);
    if (there == slot_text(target.text, path, *file.slot) ||
        there == slot_text(planned, path, *file.slot)) {
      continue;
    }
    throw Error(Code::conflict,
                "slot " + quoted(file.slot->str()) + " of " + quoted(path) +
                    " was edited by somebody else meanwhile",
                way_out(file));
  }
  return repointed(now, path, target.algorithm, files);
}

void repoint(ClientState& state, const std::string& path, const Target& target,
             const std::vector<Arrived>& files) {
  rewrite_working_copy(path, state.rewriting(), [&](const std::string& now) {
    return std::optional(repointed_since(now, path, target, files, [&](const Arrived& file) {
      return "the file is stored as " + data_uri(target.algorithm, file.label) +
             "; choose with `algoctl use`";
    }));
  });
}

}  // namespace algoctl
