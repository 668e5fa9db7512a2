#include "support/scripted_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <chrono>
#include <stdexcept>
#include <utility>

namespace algoctl::test {
namespace {

constexpr auto kLongest = std::chrono::seconds(20);
constexpr std::size_t kLargestRequest = std::size_t{256} << 20;

bool readable(int fd) {
  pollfd one = {fd, POLLIN, 0};
  return poll(&one, 1, static_cast<int>(std::chrono::milliseconds(kLongest).count())) == 1;
}

/// Reads more into `buffer`; false at the end.
bool receive(int fd, std::string& buffer) {
  if (!readable(fd)) return false;
  const std::size_t size = buffer.size();
  buffer.resize(size + (std::size_t{256} << 10));
  const ssize_t got = recv(fd, buffer.data() + size, buffer.size() - size, 0);
  buffer.resize(size + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
  return got > 0 && buffer.size() <= kLargestRequest;
}

std::string lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

/// The request line and headers, without the empty line.
void parse_head(const std::string& head, SeenRequest& request) {
  std::size_t end = head.find("\r\n");
  const std::string line = head.substr(0, end);
  const std::size_t space = line.find(' ');
  request.method = line.substr(0, space);
  request.target = line.substr(space + 1, line.rfind(' ') - space - 1);
  while (end != std::string::npos) {
    const std::size_t begin = end + 2;
    end = head.find("\r\n", begin);
    const std::string field = head.substr(begin, end - begin);
    const std::size_t colon = field.find(':');
    const std::size_t value = field.find_first_not_of(' ', colon + 1);
    request.headers.push_back(
        {lower(field.substr(0, colon)), value == std::string::npos ? "" : field.substr(value)});
  }
}

/// The next request of a connection; what is left over stays in `buffer`.
std::optional<SeenRequest> next_request(int fd, std::string& buffer, int number) {
  std::size_t end = buffer.find("\r\n\r\n");
  while (end == std::string::npos) {
    if (!receive(fd, buffer)) return std::nullopt;
    end = buffer.find("\r\n\r\n");
  }
  SeenRequest request;
  request.connection = number;
  parse_head(buffer.substr(0, end), request);
  const std::size_t size = std::stoull(find_field(request.headers, "content-length").value_or("0"));
  while (buffer.size() - end - 4 < size) {
    if (!receive(fd, buffer)) return std::nullopt;
  }
  request.body = buffer.substr(end + 4, size);
  buffer.erase(0, end + 4 + size);
  return request;
}

std::string chunk(const std::string& bytes) {
  char size[32];
  std::snprintf(size, sizeof size, "%zx\r\n", bytes.size());
  return size + bytes + "\r\n";
}

std::string head_of(const ScriptedAnswer& answer) {
  std::string head = "HTTP/1.1 " + std::to_string(answer.status) + " Scripted\r\n";
  for (const auto& field : answer.headers) head += field.name + ": " + field.value + "\r\n";
  if (answer.closes || answer.until_close) head += "Connection: close\r\n";
  if (answer.chunked) {
    head += "Transfer-Encoding: chunked\r\n";
  } else if (!answer.until_close) {
    const auto size = static_cast<std::int64_t>(answer.body.size());
    head += "Content-Length: " + std::to_string(answer.content_length.value_or(size)) + "\r\n";
  }
  return head + "\r\n";
}

}  // namespace

ScriptedServer::ScriptedServer() {
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (listener_ < 0 || bind(listener_, generic, size) != 0 || listen(listener_, 128) != 0 ||
      getsockname(listener_, generic, &size) != 0) {
    throw std::runtime_error("no port to listen on");
  }
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread([this] { accept_all(); });
}

ScriptedServer::~ScriptedServer() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    for (const int fd : open_) shutdown(fd, SHUT_RDWR);
  }
  changed_.notify_all();
  shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  for (std::thread& thread : threads_) thread.join();
  close(listener_);
}

std::string ScriptedServer::origin() const { return "http://127.0.0.1:" + std::to_string(port_); }

void ScriptedServer::then(ScriptedAnswer answer) {
  const std::lock_guard lock(mutex_);
  script_.push_back(std::move(answer));
}

void ScriptedServer::always(Handler handler) {
  const std::lock_guard lock(mutex_);
  handler_ = std::move(handler);
}

void ScriptedServer::hang_up() {
  const std::lock_guard lock(mutex_);
  hangs_up_ = true;
}

void ScriptedServer::gather(int requests) {
  const std::lock_guard lock(mutex_);
  gather_ = requests;
}

void ScriptedServer::release() {
  const std::lock_guard lock(mutex_);
  released_ = true;
  changed_.notify_all();
}

void ScriptedServer::nudge() {
  const std::lock_guard lock(mutex_);
  ++nudges_;
  changed_.notify_all();
}

bool ScriptedServer::hangs_up() const {
  const std::lock_guard lock(mutex_);
  return hangs_up_;
}

std::vector<SeenRequest> ScriptedServer::requests() const {
  const std::lock_guard lock(mutex_);
  return seen_;
}

int ScriptedServer::connections() const {
  const std::lock_guard lock(mutex_);
  return connections_;
}

int ScriptedServer::most_at_once() const {
  const std::lock_guard lock(mutex_);
  return most_;
}

void ScriptedServer::accept_all() {
  while (true) {
    const int fd = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    const std::lock_guard lock(mutex_);
    if (stopping_ || fd < 0) {
      if (fd >= 0) close(fd);
      return;
    }
    const int one = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    open_.push_back(fd);
    threads_.emplace_back([this, fd, number = ++connections_] { serve(fd, number); });
  }
}

bool ScriptedServer::wait_for_answers(std::size_t count) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, kLongest, [&] { return answered_ >= count; });
}

void ScriptedServer::serve(int fd, int number) {
  std::string buffer;
  const auto next = [&]() -> std::optional<SeenRequest> {
    if (hangs_up() && receive(fd, buffer)) return std::nullopt;
    return next_request(fd, buffer, number);
  };
  while (const auto request = next()) {
    const auto answer = answer_to(*request);
    const bool goes_on = answer && send_answer(fd, *request, *answer);
    const std::lock_guard lock(mutex_);
    --present_;
    ++answered_;
    changed_.notify_all();
    if (!goes_on) break;
  }
  const std::lock_guard lock(mutex_);
  open_.erase(std::find(open_.begin(), open_.end(), fd));
  close(fd);
}

/// Notes the request. nullopt: the server is being closed.
std::optional<ScriptedAnswer> ScriptedServer::answer_to(const SeenRequest& request) {
  std::unique_lock lock(mutex_);
  seen_.push_back(request);
  most_ = std::max(most_, ++present_);
  if (present_ >= gather_) gather_ = 0;
  changed_.notify_all();
  changed_.wait_for(lock, kLongest, [&] { return gather_ == 0 || stopping_; });
  if (stopping_) return std::nullopt;
  if (!script_.empty()) {
    ScriptedAnswer answer = std::move(script_.front());
    script_.pop_front();
    return answer;
  }
  const Handler handler = handler_;
  lock.unlock();
  if (handler) return handler(request);
  return ScriptedAnswer{500, {}, "the script has no more answers"};
}

/// True: the connection goes on.
bool ScriptedServer::send_answer(int fd, const SeenRequest& request, const ScriptedAnswer& answer) {
  if (answer.silent) return false;
  if (!answer.raw.empty()) {
    if (send_all(fd, answer.raw) && !answer.drip.empty()) send_drops(fd, answer.drip);
    return false;
  }
  if (answer.stall_at_once && !stall()) return false;
  if (request.method == "HEAD") return send_all(fd, head_of(answer)) && !answer.closes;
  return send_body(fd, answer) && !answer.closes && !answer.until_close;
}

bool ScriptedServer::send_body(int fd, const ScriptedAnswer& answer) {
  // In one piece with the first bytes of the body, so that what a client sees is no matter of luck.
  std::string head = head_of(answer);
  const auto framed = [&](const std::string& bytes) {
    const std::string begin = std::exchange(head, "");
    return send_all(fd, begin + (answer.chunked && !bytes.empty() ? chunk(bytes) : bytes));
  };
  const std::string& body = answer.body;
  while (answer.endless) {
    if (!framed(body)) return false;
  }
  if (answer.cut_after < body.size()) {
    framed(body.substr(0, answer.cut_after));
    return false;
  }
  const std::size_t first = std::min(answer.stall_after, body.size());
  if (!framed(body.substr(0, first))) return false;
  if (first < body.size() && (!stall() || !framed(body.substr(first)))) return false;
  return !answer.chunked || send_all(fd, "0\r\n\r\n");
}

bool ScriptedServer::send_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

/// Until the client has gone, or nobody nudges any more.
void ScriptedServer::send_drops(int fd, const std::string& drop) {
  do {
    std::unique_lock lock(mutex_);
    const bool nudged = changed_.wait_for(lock, kLongest, [&] { return nudges_ > 0 || stopping_; });
    if (!nudged || stopping_) return;
    --nudges_;
  } while (send_all(fd, drop));
}

/// False: the server is being closed.
bool ScriptedServer::stall() {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, kLongest, [&] { return released_ || stopping_; });
  return !stopping_;
}

}  // namespace algoctl::test
