#include "algoctl/client.h"
#include "algoctl/stores.h"
#include "base/text.h"
#include "client/objects.h"
#include "client/slots.h"

namespace algoctl {
namespace {

ModelFile only_model(const std::vector<ModelFile>& models, const std::optional<Slot>& slot) {
  const auto chosen = chosen_models(models, slot ? std::vector{*slot} : std::vector<Slot>());
  if (chosen.size() == 1) return chosen.front();
  throw Error(Code::usage,
              "a link leads to one file, but there are " +
                  counted(static_cast<std::int64_t>(chosen.size()), "slot"),
              "choose one with --slot");
}

}  // namespace

ObjectLink Stores::link(const Reference& reference, const LinkOptions& options) {
  ClientState& state = *client_.state_;
  const auto link = [&](const ModelFile& model, std::optional<Slot> slot) {
    const Store& store = require_store(state, "label " + quoted(model.label.str()));
    const std::int64_t now = state.now();
    std::string url = store.link(model.sha256, options.lifetime);
    if (!store.has(model.sha256, model.size)) throw no_object(model.label, model.sha256);
    const auto lifetime = std::chrono::milliseconds(options.lifetime).count();
    return ObjectLink{std::move(url), now + lifetime, std::move(slot),
                      model.label,    model.sha256,   model.size};
  };
  if (const auto& label = reference.label()) {
    require_no_slots(reference, options.slot.has_value());
    const LabelInfo info = client_.require_label(reference.algorithm(), *label);
    return link({Slot::parse("model"), info.algorithm, info.label, info.sha256, info.size},
                std::nullopt);
  }
  const VersionInfo version = client_.require(reference);
  const ModelFile model =
      only_model(client_.manifest(version.manifest_sha256).models, options.slot);
  return link(model, model.slot);
}

}  // namespace algoctl
