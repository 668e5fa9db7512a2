#include "client/mirrors.h"

#include <optional>

#include "algoctl/error.h"

namespace algoctl {

bool may_be_elsewhere(const Error& error) noexcept {
  switch (error.code()) {
    case Code::storage:
    case Code::integrity:
    case Code::not_found:
    case Code::unauthorized: return true;
    default: return false;
  }
}

bool read_from_any(ClientState& state, const std::function<Store&()>& own,
                   const std::function<bool(const Store&)>& read) {
  std::optional<Error> failure = state.store_rests();
  try {
    if (!failure && read(own())) return true;
  } catch (const Error& error) {
    if (!may_be_elsewhere(error)) throw;
    failure = error;
    const bool damaged = error.code() == Code::integrity || error.code() == Code::not_found;
    if (!damaged && !state.mirrors().empty()) state.rest_store(error);
  }
  for (const MirrorPlace& place : state.mirrors()) {
    try {
      if (read(state.mirror(place))) return true;
    } catch (const Error& error) {
      if (error.code() == Code::interrupted) throw;
    }
  }
  // A copy: whoever catches it may say more in it.
  if (failure) throw Error(*failure);
  return false;
}

}  // namespace algoctl
