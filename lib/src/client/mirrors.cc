#include "client/mirrors.h"

#include <exception>

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
  std::exception_ptr failure = state.store_rests();
  try {
    if (!failure && read(own())) return true;
  } catch (const Error& error) {
    if (!may_be_elsewhere(error)) throw;
    failure = std::current_exception();
    const bool damaged = error.code() == Code::integrity || error.code() == Code::not_found;
    if (!damaged && !state.mirrors().empty()) state.rest_store(failure);
  }
  for (const MirrorPlace& place : state.mirrors()) {
    try {
      if (read(state.mirror(place))) return true;
    } catch (const Error& error) {
      if (error.code() == Code::interrupted) throw;
    }
  }
  if (failure) std::rethrow_exception(failure);
  return false;
}

}  // namespace algoctl
