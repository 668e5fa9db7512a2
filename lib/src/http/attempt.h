#pragma once

#include <cstdint>
#include <exception>
#include <optional>
#include <string>

#include "http/message.h"
#include "http/wire.h"

namespace algoctl::http {

/// One try of a request: what goes out, and what has come back. Stays where it is, because the
/// module knows its address.
class Attempt {
 public:
  /// `receiver`: or nullptr. `moved` counts the bodies' bytes. Both must outlive it.
  Attempt(Request request, Receiver* receiver, std::int64_t& moved);
  Attempt(const Attempt&) = delete;
  Attempt& operator=(const Attempt&) = delete;

  /// Hands it to the module, under its own address. False when the request cannot be made.
  bool start(const AlgoctlHttpModule& module, AlgoctlHttp* http);

  /// To be called once with its end. Throws what the receiver threw.
  void end(const AlgoctlHttpResult& result);

  [[nodiscard]] const Request& request() const noexcept { return request_; }
  [[nodiscard]] const Response& response() const noexcept { return response_; }
  /// Why there is no whole answer.
  [[nodiscard]] const std::optional<Failure>& failure() const noexcept { return failure_; }

 private:
  static std::int64_t on_read(void* self, std::int64_t offset, char* into, std::size_t size);
  static void on_header(void* self, int status, const char* name, const char* value);
  static int on_write(void* self, const char* bytes, std::size_t size);

  std::int64_t read(std::int64_t offset, char* into, std::size_t size);
  void header(int status, const char* name, const char* value);
  bool write(const char* bytes, std::size_t size);
  void show_head();
  void fail(Failure::Kind kind, std::string message);

  Request request_;
  Receiver* receiver_;
  std::int64_t& moved_;
  Response response_;
  bool begun_ = false;  // the receiver has seen the head
  std::optional<Failure> failure_;
  std::exception_ptr thrown_;
};

}  // namespace algoctl::http
