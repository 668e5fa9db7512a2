#include "http/attempt.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>
#include <vector>

namespace algoctl::http {
namespace {

constexpr std::size_t kLargestBody = 8 << 20;  // bytes of an answer without a receiver

/// The body's size as the module wants it. PUT and POST say so when there is none.
std::int64_t body_size(const Request& request) {
  const std::int64_t size = request.body.length();
  const bool carries = request.method == "PUT" || request.method == "POST";
  return size > 0 || carries ? size : -1;
}

}  // namespace

Attempt::Attempt(Request request, Receiver* receiver, std::int64_t& moved)
    : request_(std::move(request)), receiver_(receiver), moved_(moved) {}

bool Attempt::start(const AlgoctlHttpModule& module, AlgoctlHttp* http) {
  const std::string url = request_.url();
  std::vector<std::string> lines;
  // Said here, because a signature covers it as it was made.
  if (!find_field(request_.headers, "host")) lines.push_back("host: " + request_.host());
  for (const Field& field : request_.headers) lines.push_back(field.name + ": " + field.value);
  std::vector<const char*> headers;
  for (const std::string& line : lines) headers.push_back(line.c_str());
  headers.push_back(nullptr);
  const AlgoctlHttpRequest wire = {sizeof(AlgoctlHttpRequest),
                                   this,
                                   request_.method.c_str(),
                                   url.c_str(),
                                   headers.data(),
                                   body_size(request_),
                                   &Attempt::on_read,
                                   &Attempt::on_header,
                                   &Attempt::on_write};
  if (module.start(http, &wire) == 0) return true;
  fail(Failure::Kind::internal, "cannot make a request to " + request_.host());
  return false;
}

void Attempt::end(const AlgoctlHttpResult& result) {
  if (thrown_) std::rethrow_exception(thrown_);
  if (result.failure != 0) {
    fail(static_cast<Failure::Kind>(result.failure - 1), result.message);
  } else {
    show_head();
  }
}

/// The first reason stands: the module only knows that a callback gave up.
void Attempt::fail(Failure::Kind kind, std::string message) {
  if (!failure_) failure_ = Failure{kind, std::move(message)};
}

std::int64_t Attempt::read(std::int64_t offset, char* into, std::size_t size) {
  const Body& body = request_.body;
  const std::int64_t left = body.length() - offset;
  const std::size_t wanted = left <= 0 ? 0 : std::min<std::size_t>(size, left);
  if (body.fd < 0) {
    std::memcpy(into, body.text.data() + offset, wanted);
    return static_cast<std::int64_t>(wanted);
  }
  ssize_t got = -1;
  do {
    got = pread(body.fd, into, wanted, body.offset + offset);
  } while (got < 0 && errno == EINTR);
  if (got < 0) {
    fail(Failure::Kind::internal,
         "cannot read what is sent: " + std::generic_category().message(errno));
  } else if (got == 0) {
    fail(Failure::Kind::internal, "the file that is sent became shorter");
  }
  return got > 0 ? got : -1;
}

void Attempt::header(int status, const char* name, const char* value) {
  if (*name == '\0') {
    response_ = {status, {}, {}};
  } else {
    response_.headers.push_back({name, value});
  }
}

/// To the receiver, once, before the first byte or when there is none.
void Attempt::show_head() {
  if (receiver_ == nullptr || !response_.ok() || begun_) return;
  begun_ = true;
  receiver_->begin(response_);
}

bool Attempt::write(const char* bytes, std::size_t size) {
  if (receiver_ != nullptr && response_.ok()) {
    show_head();
    return receiver_->take(bytes, size);
  }
  if (size > kLargestBody - response_.body.size()) {
    fail(Failure::Kind::refused, request_.host() + " answers with more than 8 MiB");
    return false;
  }
  response_.body.append(bytes, size);
  return true;
}

std::int64_t Attempt::on_read(void* self, std::int64_t offset, char* into, std::size_t size) {
  auto& attempt = *static_cast<Attempt*>(self);
  try {
    const std::int64_t got = attempt.read(offset, into, size);
    if (got > 0) attempt.moved_ += got;
    return got;
  } catch (...) {
    attempt.thrown_ = std::current_exception();
    return -1;
  }
}

void Attempt::on_header(void* self, int status, const char* name, const char* value) {
  auto& attempt = *static_cast<Attempt*>(self);
  try {
    attempt.header(status, name, value);
  } catch (...) {
    attempt.thrown_ = std::current_exception();
  }
}

int Attempt::on_write(void* self, const char* bytes, std::size_t size) {
  auto& attempt = *static_cast<Attempt*>(self);
  if (attempt.thrown_) return 0;
  try {
    attempt.moved_ += static_cast<std::int64_t>(size);
    return attempt.write(bytes, size) ? 1 : 0;
  } catch (...) {
    attempt.thrown_ = std::current_exception();
    return 0;
  }
}

}  // namespace algoctl::http
