#include "algoctl/client.h"
#include "algoctl/stores.h"
#include "base/text.h"
#include "client/probing.h"
#include "client/state.h"
#include "registry/settings.h"

namespace algoctl {
namespace {

/// The store's URL as the registry remembers it, or nullopt.
std::optional<std::string> remembered_store(ClientState& state) {
  std::optional<std::string> url;
  state.registry.read([&](Db& db) { url = setting(db, "store_url"); });
  if (!url) return std::nullopt;
  return state.options.store.empty() ? state.store_place(*url) : state.options.store;
}

/// Who may only read the registry is told all the same what was found.
void remember(ClientState& state, const std::vector<ProbeFinding>& findings) {
  try {
    state.registry.write(
        [&](Db& db) { set_setting(db, "store_probe", verdict_text(findings, state.now())); });
  } catch (const Error& error) {
    if (error.code() == Code::interrupted) throw;
  }
}

}  // namespace

std::vector<ProbeFinding> Stores::probe(const std::string& url) {
  ClientState& state = *client_.state_;
  const auto own = remembered_store(state);
  if (url.empty() && !own) {
    throw Error(Code::storage, "the registry has no store yet",
                "the first upload makes it; name another with --store URL");
  }
  const std::string place = url.empty() ? *own : url;
  auto findings = probe_store(place, state.store_settings(), state.options.stop);
  if (own && place == *own) remember(state, findings);
  return findings;
}

}  // namespace algoctl
