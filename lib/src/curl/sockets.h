#pragma once

#include <curl/curl.h>

#include <map>

namespace algoctl::http {

/// The sockets of all connections, so that one can be looked at before it is used again.
class Sockets {
 public:
  /// Has the handle open and close its sockets here. Must outlive the connections.
  void watch(CURL* easy);

  /// Nothing has come over the connection with this local port that nobody asked for: no bytes
  /// beyond the last answer, no 408 of a server that is tired of waiting, no end.
  [[nodiscard]] bool quiet(int local_port) const;
  /// From now on what comes over the connection with this local port is for `user`.
  void hand_over(int local_port, const void* user);
  /// Bytes lie there unread that came for `user`: nobody was given the connection since.
  [[nodiscard]] bool has_bytes(curl_socket_t socket, const void* user) const;

 private:
  static curl_socket_t on_open(void* self, curlsocktype purpose, curl_sockaddr* address);
  static int on_close(void* self, curl_socket_t socket);

  [[nodiscard]] curl_socket_t find(int local_port) const;

  std::map<curl_socket_t, const void*> users_;  // of those that are open
};

}  // namespace algoctl::http
