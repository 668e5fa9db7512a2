#include "client/external.h"

#include <functional>
#include <utility>

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

std::map<Digest, std::vector<std::string>> places_outside(
    ClientState& state, const Store& store, const std::vector<Store::Wanted>& objects) {
  std::map<Digest, std::vector<std::string>> places;
  std::vector<Store::Wanted> outside;
  state.registry.read([&](Db& db) {
    for (const Store::Wanted& object : objects) {
      auto urls = external_places(db, object.digest);
      if (urls.empty() || !places.emplace(object.digest, std::move(urls)).second) continue;
      outside.push_back(object);
    }
  });
  if (outside.empty()) return places;
  std::map<Digest, std::vector<std::string>> missing;
  for (const std::size_t i : store.missing(outside)) {
    missing.insert(places.extract(outside[i].digest));
  }
  return missing;
}

std::vector<std::string> places_outside(ClientState& state, const Store& store,
                                        const Digest& sha256, std::int64_t size) {
  const auto places = places_outside(state, store, {{sha256, size}});
  return places.empty() ? std::vector<std::string>() : places.begin()->second;
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
