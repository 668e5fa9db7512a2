#pragma once

#include <curl/curl.h>

#include <array>
#include <cstdint>
#include <memory>
#include <string>

#include "curl/ending.h"
#include "curl/pace.h"
#include "curl/patience.h"
#include "curl/sockets.h"
#include "http/message.h"
#include "http/wire.h"

namespace algoctl::http {

/// How all exchanges are made.
struct Settings {
  std::string ca_file;
  std::string proxy;
  std::string no_proxy;
  std::string user_agent;
  long timeout_ms;
};

/// What all exchanges share.
struct Shared {
  Settings settings;
  Pace pace;
  Sockets sockets = {};
};

/// One request and its answer, on a libcurl handle of its own. Throws std::invalid_argument when
/// the request cannot be made.
class Exchange {
 public:
  /// `shared` must outlive it.
  Exchange(Shared& shared, const AlgoctlHttpRequest& request);
  ~Exchange();
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

  /// Joins the handles that are worked on together, from the beginning; leaves them in the end.
  void join(CURLM* multi);
  /// It was given a kept connection that is of no more use, and has not sent anything: may join
  /// again.
  [[nodiscard]] bool misled() const noexcept { return misled_; }

  [[nodiscard]] CURL* handle() const noexcept { return easy_.get(); }
  [[nodiscard]] void* tag() const noexcept { return request_.tag; }
  [[nodiscard]] int status() const noexcept { return status_; }

  /// It waits for the pace.
  [[nodiscard]] bool paused() const noexcept { return paused_; }
  /// Goes on. What is not CURLE_OK ends it.
  CURLcode resume(Clock::time_point now);
  /// It has waited for longer than it may. To be asked now and then.
  bool stalled(Clock::time_point now);

  /// What says why it ended, once libcurl is done with it.
  [[nodiscard]] Circumstances known() const;

 private:
  static std::size_t on_header(char* line, std::size_t one, std::size_t size, void* self);
  static std::size_t on_write(char* bytes, std::size_t one, std::size_t size, void* self);
  static std::size_t on_read(char* into, std::size_t one, std::size_t size, void* self);
  static int on_seek(void* self, curl_off_t offset, int origin);
  static int on_debug(CURL*, curl_infotype type, char* text, std::size_t size, void* self);
  static int on_connected(void* self, char*, char*, int, int local_port);

  template <typename Value>
  void set(CURLoption option, Value value);
  void set_up();
  void set_up_network();
  void set_headers(const char* const* headers);
  void set_body();
  void header_line(const std::string& line);
  [[nodiscard]] Headway headway() const;
  [[nodiscard]] long number(CURLINFO info) const;
  [[nodiscard]] curl_off_t offset(CURLINFO info) const;
  [[nodiscard]] bool too_long() const;

  struct Free {
    void operator()(CURL* easy) const noexcept { curl_easy_cleanup(easy); }
    void operator()(curl_slist* list) const noexcept { curl_slist_free_all(list); }
  };

  Shared& shared_;
  AlgoctlHttpRequest request_;  // its pointers are not used after construction, but for callbacks
  std::string url_;
  std::string method_;
  std::array<char, CURL_ERROR_SIZE> detail_{};
  std::unique_ptr<curl_slist, Free> headers_;
  std::unique_ptr<CURL, Free> easy_;
  CURLM* multi_ = nullptr;
  std::int64_t offset_ = 0;  // of the body, how far it was read
  std::int64_t header_bytes_ = 0;
  int status_ = 0;
  bool headed_ = false;  // the answer's headers have ended
  bool excess_ = false;  // more came than was announced
  bool misled_ = false;
  bool paused_ = false;
  bool gave_up_ = false;
  Patience patience_;
};

}  // namespace algoctl::http
