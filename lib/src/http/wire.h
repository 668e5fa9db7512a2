#pragma once

#include <cstddef>
#include <cstdint>

/// What the library and the module that speaks HTTP say to each other. Plain C: the two may have
/// been built with different C++ runtimes, and no exception crosses. All texts end with NUL.
extern "C" {

struct AlgoctlHttpOptions {
  std::size_t size;      ///< of this struct
  const char* ca_file;   ///< empty: the system's authorities
  const char* proxy;     ///< empty: none, whatever the environment says
  const char* no_proxy;  ///< empty: no exceptions
  const char* user_agent;
  long timeout_ms;
  std::int64_t bytes_per_second;
  long connections;
  /// When the next bytes may move, on the steady clock: nanoseconds, of all that keep to
  /// bytes_per_second together. Read and written by the module alone, atomically; outlives the
  /// AlgoctlHttp.
  std::int64_t* open_at_ns;
};

/// The callbacks are called by the thread that runs, with the request's own `tag`.
struct AlgoctlHttpRequest {
  std::size_t size;  ///< of this struct
  void* tag;
  const char* method;
  const char* url;             ///< `http:` or `https:`
  const char* const* headers;  ///< `Name: value`, ends with nullptr
  std::int64_t body_size;      ///< -1: no body
  /// Copies the body's bytes from `offset` on into `into`; how many, or -1 to give up.
  std::int64_t (*read)(void* tag, std::int64_t offset, char* into, std::size_t size);
  /// One header of the answer, its name in lower case. Each status line comes first, with an empty
  /// name, and begins a new list.
  void (*header)(void* tag, int status, const char* name, const char* value);
  /// Bytes of the answer's body; 0 to give up.
  int (*write)(void* tag, const char* bytes, std::size_t size);
};

struct AlgoctlHttpResult {
  void* tag;
  int status;           ///< of HTTP, 0 when none came
  int failure;          ///< 0: the answer is whole; else 1 + Failure::Kind
  const char* message;  ///< of the failure; valid until the next call
};

struct AlgoctlHttp;  ///< many requests side by side, used by one thread

struct AlgoctlHttpModule {
  int version;  ///< kAlgoctlHttpVersion
  AlgoctlHttp* (*open)(const AlgoctlHttpOptions* options);
  void (*close)(AlgoctlHttp* http);
  /// Begins a request; everything in it is copied but `tag`. 0, or -1 when that cannot be.
  int (*start)(AlgoctlHttp* http, const AlgoctlHttpRequest* request);
  /// Cuts a request off; its callbacks are not called again.
  void (*cancel)(AlgoctlHttp* http, void* tag);
  /// Waits at most `wait_ms` until a request has ended or bytes have moved, and calls callbacks.
  void (*run)(AlgoctlHttp* http, int wait_ms);
  /// The next request that has ended, or 0.
  int (*next)(AlgoctlHttp* http, AlgoctlHttpResult* result);
};

constexpr int kAlgoctlHttpVersion = 2;

/// What the module exports, by this name.
using AlgoctlHttpEntry = const AlgoctlHttpModule* (*)();
}
