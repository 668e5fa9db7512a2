#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "http/message.h"

namespace algoctl::test {

/// A request as it came over the wire.
struct SeenRequest {
  std::string method;
  std::string target;    ///< `/bucket/key?list-type=2`, as it was sent
  http::Fields headers;  ///< names in lower case
  std::string body;
  int connection;  ///< counted from 1
};

/// What the server says, or how it misbehaves. The defaults are an honest 200.
struct ScriptedAnswer {
  int status = 200;
  http::Fields headers = {};
  std::string body = {};

  std::optional<std::int64_t> content_length = {};  ///< said instead of the body's size
  bool chunked = false;                             ///< no Content-Length
  bool until_close = false;                         ///< neither: the body ends with the connection
  bool closes = false;                              ///< says `Connection: close`, and does
  bool silent = false;                              ///< closes instead of answering
  bool endless = false;                             ///< repeats the body until the client has gone
  std::size_t cut_after = std::string::npos;        ///< bytes of the body; then closes
  std::size_t stall_after = std::string::npos;      ///< bytes of the body; then waits for `release`
  bool stall_at_once = false;                       ///< waits for `release` before the status line
  std::string raw = {};   ///< sent instead of all of the above; then closes
  std::string drip = {};  ///< sent after `raw`, before it closes, once more at each `nudge`
};

/// A small HTTP/1.1 server on a free port of 127.0.0.1, which can lie. Every connection has a
/// thread; all are gone when the object is. Nothing in it waits longer than 20 seconds.
class ScriptedServer {
 public:
  using Handler = std::function<ScriptedAnswer(const SeenRequest&)>;

  ScriptedServer();
  ~ScriptedServer();
  ScriptedServer(const ScriptedServer&) = delete;
  ScriptedServer& operator=(const ScriptedServer&) = delete;

  /// `http://127.0.0.1:PORT`
  [[nodiscard]] std::string origin() const;
  [[nodiscard]] int port() const noexcept { return port_; }

  /// The next answer of the script; requests beyond the script get what the handler says, or 500.
  void then(ScriptedAnswer answer);
  /// May be called by several threads at a time.
  void always(Handler handler);

  /// From now on each connection is closed once something came over it.
  void hang_up();
  /// Answers only once so many requests are there at the same time.
  void gather(int requests);
  /// Lets those go on that stall, now and later.
  void release();
  /// Lets one more drop fall where an answer drips.
  void nudge();
  /// Waits until it has said all it had to say to so many requests, or cannot go on because the
  /// client has gone. False: not within 20 seconds.
  bool wait_for_answers(std::size_t count);

  [[nodiscard]] std::vector<SeenRequest> requests() const;
  [[nodiscard]] int connections() const;
  /// The largest number of requests that were there at the same time.
  [[nodiscard]] int most_at_once() const;

 private:
  void accept_all();
  void serve(int fd, int number);
  std::optional<ScriptedAnswer> answer_to(const SeenRequest& request);
  bool send_answer(int fd, const SeenRequest& request, const ScriptedAnswer& answer);
  bool send_body(int fd, const ScriptedAnswer& answer);
  bool send_all(int fd, std::string_view bytes);
  void send_drops(int fd, const std::string& drop);
  bool stall();
  [[nodiscard]] bool hangs_up() const;

  int listener_ = -1;
  int port_ = 0;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  bool released_ = false;
  bool hangs_up_ = false;
  int nudges_ = 0;
  std::deque<ScriptedAnswer> script_;
  Handler handler_;
  std::vector<SeenRequest> seen_;
  std::size_t answered_ = 0;
  int connections_ = 0;
  int present_ = 0;
  int most_ = 0;
  int gather_ = 0;
  std::vector<int> open_;
  std::list<std::thread> threads_;
  std::thread acceptor_;
};

}  // namespace algoctl::test
