#include "client/external.h"

#include <functional>

#include "algoctl/error.h"
#include "registry/objects.h"
#include "store/remote/external_object.h"

namespace algoctl {
namespace {

void try_each(ClientState& state, const std::vector<std::string>& places,
              const std::function<void(const ExternalObject&)>& read) {
  for (std::size_t i = 0; i < places.size(); ++i) {
    try {
      return read(ExternalObject(places[i], state.store_settings()));
    } catch (const Error& error) {
      if (error.code() == Code::interrupted || i + 1 == places.size()) throw;
    }
  }
}

}  // namespace

std::vector<std::string> places_outside(Db& db, const Store* store, const Digest& sha256,
                                        std::int64_t size) {
  auto places = external_places(db, sha256);
  if (places.empty() || (store != nullptr && store->has(sha256, size))) return {};
  return places;
}

std::vector<std::string> places_outside(ClientState& state, const Store& store,
                                        const Digest& sha256, std::int64_t size) {
  std::vector<std::string> places;
  state.registry.read([&](Db& db) { places = external_places(db, sha256); });
  if (places.empty() || store.has(sha256, size)) return {};
  return places;
}

void fetch_external(ClientState& state, const std::vector<std::string>& places,
                    const Digest& sha256, std::int64_t size, int to, const std::string& to_path,
                    const TransferOptions& options) {
  try_each(state, places,
           [&](const ExternalObject& object) { object.fetch(sha256, size, to, to_path, options); });
}

void check_external(ClientState& state, const std::vector<std::string>& places,
                    const Digest& sha256, const TransferOptions& options) {
  try_each(state, places, [&](const ExternalObject& object) { object.check(sha256, options); });
}

Error external_refused(const std::string& what, const std::string& url) {
  return {Code::conflict, what + " stays at " + url + ", where others may change or remove it",
          "allow it with --allow-external, or store the bytes: `algoctl upload --copy URL`"};
}

}  // namespace algoctl
