#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace algoctl::http {

/// A header or a query parameter.
struct Field {
  std::string name;
  std::string value;

  bool operator==(const Field&) const = default;
};
using Fields = std::vector<Field>;

/// The value of the first field of this name, in any case; nullopt when there is none.
std::optional<std::string> find_field(const Fields& fields, std::string_view name);

/// What a request carries: bytes in memory, or a part of a file, which is read with pread and stays
/// the caller's until the request was answered.
struct Body {
  std::string text;
  int fd = -1;              ///< -1: `text` is all
  std::int64_t offset = 0;  ///< bytes, of the part
  std::int64_t size = 0;    ///< bytes, of the part

  [[nodiscard]] std::int64_t length() const noexcept {
    return fd < 0 ? static_cast<std::int64_t>(text.size()) : size;
  }
};

/// One request, before anything in it is encoded. A value: it can be sent again.
struct Request {
  std::string method = "GET";
  std::string origin;  ///< `https://host[:port]`, in lower case
  std::string path;    ///< `/bucket/key`
  Fields query;
  Fields headers;
  Body body;

  /// `https://host/bucket/key?list-type=2`, encoded once (RFC 3986: all but letters, digits and
  /// `-._~`; in the path also `/`), the query sorted by name, then value, `name=` for no value.
  [[nodiscard]] std::string url() const;
  /// The same without the query, which may hold a signature: for messages.
  [[nodiscard]] std::string shown() const;
  /// `host[:port]`, as the header Host says it: without the port that is the scheme's own.
  [[nodiscard]] std::string host() const;
};

/// Every byte but letters, digits, `-._~`, and `/` when it is `kept`, as `%XX`.
std::string encode(std::string_view text, bool keep_slash);
/// The encoded, sorted query without `?`.
std::string encode_query(const Fields& query);

/// What came back. A redirect is an answer like another: it is never followed.
struct Response {
  int status = 0;
  Fields headers;    ///< names in lower case
  std::string body;  ///< empty when a receiver took it; at most 8 MiB

  [[nodiscard]] bool ok() const noexcept { return status >= 200 && status < 300; }
  [[nodiscard]] std::optional<std::string> header(std::string_view name) const {
    return find_field(headers, name);
  }
};

/// Takes the body of an answer as it comes, instead of a Response.
class Receiver {
 public:
  virtual ~Receiver() = default;

  /// Called for each answer with status 2xx, before its first byte, also when it has none. A try
  /// that is cut off is followed by another one, which begins anew. Other answers are not given to
  /// a receiver.
  virtual void begin(const Response& head) = 0;
  /// False ends the exchange as Failure::refused: more came than was asked for, or the disk is
  /// full.
  virtual bool take(const char* bytes, std::size_t size) = 0;
};

/// Why there was no answer, or not all of it.
struct Failure {
  enum class Kind {
    unreachable,  ///< no such host, connection refused
    tls,          ///< the certificate's name, time or authority, or the handshake
    stalled,      ///< too slow for too long, or no connection in time
    cut,          ///< ended before the answer was whole
    refused,      ///< by the receiver, or an answer longer than it may be
    malformed,    ///< what came is not HTTP
    internal,     ///< the request itself could not be made
    misnamed,     ///< TLS: the certificate is for another name
  };
  Kind kind = Kind::internal;
  std::string message;  ///< in lower case, names the host
};

}  // namespace algoctl::http
