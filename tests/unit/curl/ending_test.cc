#include "curl/ending.h"

#include <doctest/doctest.h>

#include <cerrno>

namespace algoctl::http {
namespace {

using Kind = Failure::Kind;

/// An exchange over a new connection that got its whole answer.
Circumstances whole() {
  Circumstances known;
  known.host = "storage.example:9000";
  known.timeout_ms = 30000;
  known.status = 200;
  known.headed = true;
  known.connected = true;
  return known;
}

/// The same, but no answer came.
Circumstances silent() {
  Circumstances known = whole();
  known.status = 0;
  known.headed = false;
  return known;
}

template <typename Change>
Circumstances with(Circumstances known, Change change) {
  change(known);
  return known;
}

}  // namespace

TEST_CASE("ending: a whole answer is no failure, whatever its status") {
  CHECK(!ending(CURLE_OK, whole()));
  CHECK(!ending(CURLE_OK, with(whole(), [](auto& known) { known.status = 503; })));
}

TEST_CASE("ending: every failure in its words") {
  const auto proxied = [](auto& known) { known.proxy = "proxy.example:3128"; };
  const auto proxy_status = [](auto& known) {
    known.proxy = "proxy.example:3128";
    known.proxy_status = 407;
  };
  const auto refused = [](auto& known) {
    known.connected = false;
    known.system_error = ECONNREFUSED;
  };
  const auto detail = [](const char* text) { return [text](auto& known) { known.detail = text; }; };
  struct Case {
    CURLcode code;
    Circumstances known;
    Kind kind;
    const char* message;
  };
  for (const Case& c : {
           Case{CURLE_COULDNT_RESOLVE_HOST, silent(), Kind::unreachable,
                "cannot reach storage.example:9000: no such host"},
           Case{CURLE_COULDNT_RESOLVE_PROXY, with(silent(), proxied), Kind::unreachable,
                "cannot reach storage.example:9000 with the proxy proxy.example:3128: no such "
                "proxy"},
           Case{CURLE_COULDNT_CONNECT, with(silent(), refused), Kind::unreachable,
                "cannot reach storage.example:9000: connection refused"},
           Case{CURLE_COULDNT_CONNECT, silent(), Kind::unreachable,
                "cannot reach storage.example:9000: no connection"},
           Case{CURLE_RECV_ERROR, with(silent(), proxy_status), Kind::unreachable,
                "cannot reach storage.example:9000 with the proxy proxy.example:3128: the proxy "
                "answers 407"},
           Case{CURLE_PEER_FAILED_VERIFICATION,
                with(silent(), detail("SSL certificate problem: self-signed certificate")),
                Kind::tls,
                "the certificate of storage.example:9000 is not trusted: self-signed certificate"},
           Case{CURLE_PEER_FAILED_VERIFICATION,
                with(silent(), detail("SSL: no alternative certificate subject name matches "
                                      "target host name 'storage.example'")),
                Kind::misnamed, "the certificate of storage.example:9000 is for another name"},
           Case{CURLE_PEER_FAILED_VERIFICATION, silent(), Kind::tls,
                "the certificate of storage.example:9000 is not trusted: no reason given"},
           Case{CURLE_SSL_CACERT_BADFILE,
                with(silent(), [](auto& known) { known.ca_file = "/etc/own.pem"; }), Kind::tls,
                "cannot read authorities from '/etc/own.pem'"},
           Case{CURLE_SSL_CONNECT_ERROR,
                with(silent(), detail("error:0A00010B:SSL routines::wrong version number")),
                Kind::tls, "no TLS with storage.example:9000: wrong version number"},
           Case{CURLE_SSL_CONNECT_ERROR,
                with(silent(), detail("OpenSSL SSL_connect: Connection reset by peer in connection "
                                      "to storage.example:9000 ")),
                Kind::cut, "storage.example:9000 closed the connection in the TLS handshake"},
           Case{CURLE_OPERATION_TIMEDOUT, silent(), Kind::stalled,
                "nothing moved to or from storage.example:9000 for 30 s"},
           Case{CURLE_OPERATION_TIMEDOUT, with(whole(), [](auto& known) { known.trickles = true; }),
                Kind::stalled, "too little moved to or from storage.example:9000 for 30 s"},
           Case{CURLE_OPERATION_TIMEDOUT,
                with(silent(),
                     [](auto& known) {
                       known.connected = false;
                       known.timeout_ms = 1500;
                     }),
                Kind::stalled, "no connection to storage.example:9000 within 1500 ms"},
           Case{CURLE_OK, with(whole(), [](auto& known) { known.headed = false; }), Kind::cut,
                "storage.example:9000 ended its answer early"},
           Case{CURLE_OK, with(whole(), [](auto& known) { known.too_long = true; }), Kind::cut,
                "storage.example:9000 sent more than it announced"},
           Case{CURLE_PARTIAL_FILE, whole(), Kind::cut,
                "storage.example:9000 ended its answer early"},
           Case{CURLE_GOT_NOTHING, silent(), Kind::cut,
                "storage.example:9000 closed the connection without an answer"},
           Case{CURLE_SEND_ERROR, silent(), Kind::cut,
                "storage.example:9000 closed the connection without an answer"},
           Case{CURLE_WRITE_ERROR, with(whole(), [](auto& known) { known.gave_up = true; }),
                Kind::refused, "the answer of storage.example:9000 is refused"},
           Case{CURLE_WRITE_ERROR, whole(), Kind::malformed,
                "storage.example:9000 sends headers without an end"},
           Case{CURLE_OUT_OF_MEMORY, with(whole(), [](auto& known) { known.headed = false; }),
                Kind::malformed, "storage.example:9000 sends headers without an end"},
           Case{CURLE_OUT_OF_MEMORY, silent(), Kind::internal,
                "cannot ask storage.example:9000: out of memory"},
           Case{CURLE_UNSUPPORTED_PROTOCOL, silent(), Kind::malformed,
                "what storage.example:9000 answers is not HTTP"},
           Case{CURLE_UNSUPPORTED_PROTOCOL,
                with(silent(), [](auto& known) { known.reused = true; }), Kind::cut,
                "storage.example:9000 closed the connection without an answer"},
           Case{CURLE_FAILED_INIT, silent(), Kind::internal,
                "cannot ask storage.example:9000: failed initialization"},
       }) {
    CAPTURE(static_cast<int>(c.code));
    CAPTURE(std::string(c.message));
    const auto failure = ending(c.code, c.known);
    REQUIRE(failure);
    CHECK(failure->kind == c.kind);
    CHECK(failure->message == c.message);
  }
}

}  // namespace algoctl::http
