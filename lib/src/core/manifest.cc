#include "algoctl/manifest.h"

#include "algoctl/reference.h"
#include "core/json_fields.h"
#include "core/manifest_text.h"
#include "core/model_fields.h"

namespace algoctl {

std::string ModelFile::uri() const { return data_uri(algorithm, label); }

Manifest Manifest::parse(std::string_view bytes, std::string_view where) {
  const JsonFields fields(bytes, where);
  ManifestOutline outline = outline_manifest(fields);
  const JsonNode& models = fields.require(fields.root(), "models", JsonNode::Type::object, {},
                                          "algoctl upload FILE adds it");
  const auto remedy = [](const Slot& slot) {
    return "algoctl upload " + slot.str() + "=FILE fills it in";
  };
  return Manifest{std::move(outline.name), std::move(outline.version),
                  read_models(fields, models, remedy)};
}

const ModelFile* Manifest::find(const Slot& slot) const noexcept {
  for (const ModelFile& model : models) {
    if (model.slot == slot) return &model;
  }
  return nullptr;
}

}  // namespace algoctl
