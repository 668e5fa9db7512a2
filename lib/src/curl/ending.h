#pragma once

#include <curl/curl.h>

#include <optional>
#include <string>

#include "http/message.h"

namespace algoctl::http {

/// What is known of an exchange when it ends.
struct Circumstances {
  std::string host;       ///< `host[:port]`
  std::string proxy;      ///< the same; empty: none is set
  std::string ca_file;    ///< empty: the system's
  std::string detail;     ///< libcurl's own words
  long timeout_ms = 0;    ///< after which it counts as stalled
  long system_error = 0;  ///< errno of the connection
  long proxy_status = 0;  ///< what the proxy said to CONNECT
  int status = 0;         ///< of HTTP; 0: none came
  bool headed = false;    ///< its headers have ended
  bool connected = false;
  bool reused = false;    ///< the connection had served another exchange
  bool gave_up = false;   ///< a callback wanted no more
  bool trickles = false;  ///< it moves, but too little
  bool too_long = false;  ///< more came than was announced
};

/// What libcurl's code means; nullopt: all is well. The message is in lower case and never holds
/// the URL's query or a password.
std::optional<Failure> ending(CURLcode code, const Circumstances& known);

}  // namespace algoctl::http
