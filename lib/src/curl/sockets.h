#pragma once

#include <curl/curl.h>

#include <set>

namespace algoctl::http {

/// The sockets of all connections, so that one can be looked at before it is used again.
class Sockets {
 public:
  /// Has the handle open and close its sockets here. Must outlive the connections.
  void watch(CURL* easy);

  /// Nothing has come over the connection with this local port that nobody asked for: no bytes
  /// beyond the last answer, no 408 of a server that is tired of waiting, no end.
  [[nodiscard]] bool quiet(int local_port) const;

 private:
  static curl_socket_t on_open(void* self, curlsocktype purpose, curl_sockaddr* address);
  static int on_close(void* self, curl_socket_t socket);

  std::set<curl_socket_t> open_;
};

/// Bytes lie there unread.
bool has_bytes(curl_socket_t socket);

}  // namespace algoctl::http
