#include "curl/sockets.h"

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

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

bool Sockets::quiet(int local_port) const {
  for (const curl_socket_t socket : open_) {
    if (local_port_of(socket) != local_port) continue;
    pollfd one = {socket, POLLIN, 0};
    return poll(&one, 1, 0) == 0;
  }
  return true;
}

curl_socket_t Sockets::on_open(void* self, curlsocktype, curl_sockaddr* address) {
  const int type = address->socktype | SOCK_CLOEXEC;
  const curl_socket_t opened = socket(address->family, type, address->protocol);
  if (opened == CURL_SOCKET_BAD) return opened;
  try {
    static_cast<Sockets*>(self)->open_.insert(opened);
  } catch (...) {
    ::close(opened);
    return CURL_SOCKET_BAD;
  }
  return opened;
}

int Sockets::on_close(void* self, curl_socket_t socket) {
  static_cast<Sockets*>(self)->open_.erase(socket);
  return ::close(socket);
}

bool has_bytes(curl_socket_t socket) {
  char byte = 0;
  return socket != CURL_SOCKET_BAD && recv(socket, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 1;
}

}  // namespace algoctl::http
