#include "client/external.h"

#include <exception>
#include <functional>

#include "algoctl/error.h"
#include "client/mirrors.h"
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

bool read_from_anywhere(ClientState& state, const Digest& object,
                        const std::function<Store&()>& own,
                        const std::function<bool(const Store&)>& read,
                        const std::function<void(const std::vector<std::string>&)>& outside) {
  std::exception_ptr failure;
  try {
    if (read_from_any(state, own, read)) return true;
  } catch (const Error& error) {
    if (!may_be_elsewhere(error)) throw;
    failure = std::current_exception();
  }
  std::vector<std::string> places;
  state.registry.read([&](Db& db) { places = external_places(db, object); });
  if (!places.empty()) {
    outside(places);
    return true;
  }
  if (failure) std::rethrow_exception(failure);
  return false;
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
