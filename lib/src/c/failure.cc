#include "c/failure.h"

#include <exception>

namespace algoctl::c {
namespace {

int put(algoctl_error** error, int code, const char* message, const char* hint) noexcept {
  if (error == nullptr) return code;
  try {
    *error = new algoctl_error{code, message, hint};
  } catch (const std::bad_alloc&) {
    *error = nullptr;
    return ALGOCTL_INTERNAL;
  }
  return code;
}

}  // namespace

int report(algoctl_error** error) noexcept {
  try {
    throw;
  } catch (const Error& e) {
    return put(error, e.exit_status(), e.message().c_str(), e.hint().c_str());
  } catch (const std::bad_alloc&) {
    return put(error, ALGOCTL_INTERNAL, "out of memory", "");
  } catch (const std::exception& e) {
    return put(error, ALGOCTL_INTERNAL, e.what(), "");
  } catch (...) {
    return put(error, ALGOCTL_INTERNAL, "an exception of unknown type", "");
  }
}

}  // namespace algoctl::c

int algoctl_error_code(const algoctl_error* error) {
  return error == nullptr ? ALGOCTL_INTERNAL : error->code;
}

const char* algoctl_error_message(const algoctl_error* error) {
  return error == nullptr ? "out of memory" : error->message.c_str();
}

const char* algoctl_error_hint(const algoctl_error* error) {
  return error == nullptr ? "" : error->hint.c_str();
}

void algoctl_error_free(algoctl_error* error) { delete error; }
