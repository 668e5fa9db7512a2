#include "algoctl/error.h"

#include <utility>

namespace algoctl {

std::string_view code_name(Code code) noexcept {
  switch (code) {
    case Code::check_failed: return "check_failed";
    case Code::usage: return "usage";
    case Code::not_found: return "not_found";
    case Code::conflict: return "conflict";
    case Code::integrity: return "integrity";
    case Code::storage: return "storage";
    case Code::busy: return "busy";
    case Code::unauthorized: return "unauthorized";
    case Code::lock_mismatch: return "lock_mismatch";
    case Code::internal: return "internal";
    case Code::interrupted: return "interrupted";
  }
  return "internal";
}

Error::Error(Code code, std::string message, std::string hint)
    : code_(code), message_(std::move(message)), hint_(std::move(hint)) {}

Error& Error::within(std::string_view context) {
  message_ = std::string(context) + ": " + message_;
  return *this;
}

}  // namespace algoctl
