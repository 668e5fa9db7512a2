#include "algoctl/client.h"
#include "algoctl/stores.h"
#include "base/text.h"
#include "client/objects.h"
#include "client/slots.h"
#include "registry/objects.h"

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

/// Whoever owns the place where bytes stay outside can link to them there.
void require_inside(ClientState& state, const ModelFile& model) {
  std::vector<std::string> places;
  state.registry.read([&](Db& db) { places = external_places(db, model.sha256); });
  const Store* const store = places.empty() ? nullptr : state.store();
  if (places.empty() || (store != nullptr && store->has(model.sha256, model.size))) return;
  throw Error(Code::usage,
              "the bytes of label " + quoted(model.label.str()) + " stay at " + places.front() +
                  ", for which there is no link",
              "link to them there, or store them first: `algoctl upload --copy URL`");
}

}  // namespace

ObjectLink Stores::link(const Reference& reference, const LinkOptions& options) {
  ClientState& state = *client_.state_;
  const auto link = [&](const ModelFile& model, std::optional<Slot> slot) {
    require_inside(state, model);
    const Store& store = require_store(state, "label " + quoted(model.label.str()));
    http::Link found = store.link(model.sha256, options.lifetime);
    if (!store.has(model.sha256, model.size)) throw no_object(model.label, model.sha256);
    return ObjectLink{std::move(found.url), found.expires_at, std::move(slot),
                      model.label,          model.sha256,     model.size};
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
