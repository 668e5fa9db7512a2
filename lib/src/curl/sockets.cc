#include "curl/sockets.h"

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>

namespace algoctl::http {
namespace {

int local_port_of(curl_socket_t socket) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  if (getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) != 0) return -1;
  if (address.ss_family == AF_INET) {
    return ntohs(reinterpret_cast<const sockaddr_in*>(&address)->sin_port);
  }
  if (address.ss_family == AF_INET6) {
    return ntohs(reinterpret_cast<const sockaddr_in6*>(&address)->sin6_port);
  }
  return -1;
}

}  // namespace

void Sockets::watch(CURL* easy) {
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, &Sockets::on_open);
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, static_cast<void*>(this));
  curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, &Sockets::on_close);
  curl_easy_setopt(easy, CURLOPT_CLOSESOCKETDATA, static_cast<void*>(this));
}

curl_socket_t Sockets::find(int local_port) const {
  const auto found = std::find_if(users_.begin(), users_.end(), [&](const auto& entry) {
    return local_port_of(entry.first) == local_port;
  });
  return found == users_.end() ? CURL_SOCKET_BAD : found->first;
}

bool Sockets::quiet(int local_port) const {
  pollfd one = {find(local_port), POLLIN, 0};
  return poll(&one, 1, 0) == 0;
}

void Sockets::hand_over(int local_port, const void* user) {
  const auto found = users_.find(find(local_port));
  if (found != users_.end()) found->second = user;
}

bool Sockets::has_bytes(curl_socket_t socket, const void* user) const {
  const auto found = users_.find(socket);
  if (found == users_.end() || found->second != user) return false;
  char byte = 0;
  return recv(socket, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 1;
}

curl_socket_t Sockets::on_open(void* self, curlsocktype, curl_sockaddr* address) {
  const int type = address->socktype | SOCK_CLOEXEC;
  const curl_socket_t opened = socket(address->family, type, address->protocol);
  if (opened == CURL_SOCKET_BAD) return opened;
  try {
    static_cast<Sockets*>(self)->users_[opened] = nullptr;
  } catch (...) {
    ::close(opened);
    return CURL_SOCKET_BAD;
  }
  return opened;
}

int Sockets::on_close(void* self, curl_socket_t socket) {
  static_cast<Sockets*>(self)->users_.erase(socket);
  return ::close(socket);
}

}  // namespace algoctl::http
