// Certificates, of a server of openssl's.

#include <doctest/doctest.h>

#include "http/loop.h"
#include "support/tls_server.h"
#include "unit/http/loop_fixture.h"

namespace algoctl::http {

using test::Certificate;
using test::has_openssl;
using test::ScriptedServer;
using test::TlsServer;
using Kind = Failure::Kind;

namespace {

Request get_securely(const std::string& host) {
  Request request;
  request.origin = "https://" + host;
  return request;
}

}  // namespace

TEST_CASE("loop: certificates, right and wrong" * doctest::skip(!has_openssl())) {
  const test::TemporaryFolder folder;
  const Certificate right(folder, "right", "IP:127.0.0.1");
  const Certificate other(folder, "other", "IP:127.0.0.1");
  const TlsServer server(right);
  const Request request = get_securely(server.host);

  CHECK(ask(request, {.ca_file = right.path}).response.value().status == 200);

  const std::string untrusted =
      "the certificate of " + server.host + " is not trusted: self-signed certificate";
  for (const std::string& authorities : {other.path, std::string()}) {
    // With all six tries: it is not tried again.
    StillClock still;
    Loop loop({.ca_file = authorities}, {}, still.clock());
    Ended ended;
    loop.add(std::make_unique<NotingJob>(request, ended));
    loop.run();
    CHECK(ended.failure.value().kind == Kind::tls);
    CHECK(ended.failure->message == untrusted);
    CHECK(still.waited == 0);
  }

  const Ended missing = ask(request, {.ca_file = folder / "none.pem"});
  CHECK(missing.failure.value().kind == Kind::tls);
  CHECK(missing.failure->message == "cannot read authorities from '" + (folder / "none.pem") + "'");
}

TEST_CASE("loop: a certificate for another name" * doctest::skip(!has_openssl())) {
  const test::TemporaryFolder folder;
  const Certificate elsewhere(folder, "elsewhere", "DNS:elsewhere.example");
  const TlsServer server(elsewhere);
  const Ended ended = ask(get_securely(server.host), {.ca_file = elsewhere.path});
  CHECK(ended.failure.value().kind == Kind::misnamed);
  CHECK(ended.failure->message == "the certificate of " + server.host + " is for another name");
}

TEST_CASE("loop: TLS with a server that has none, or hangs up") {
  ScriptedServer server;
  const std::string host = get(server).host();
  // It takes the handshake for a request that never ends.
  const Ended stalled = ask(get_securely(host), {.timeout = std::chrono::milliseconds(300)});
  CHECK(stalled.failure.value().kind == Kind::stalled);
  CHECK(stalled.failure->message == "no connection to " + host + " within 300 ms");

  // Worth another try, unlike what is wrong with a certificate.
  server.hang_up();
  const Ended gone = ask(get_securely(host));
  CHECK(gone.failure.value().kind == Kind::cut);
  CHECK(gone.failure->message == host + " closed the connection in the TLS handshake");
}

}  // namespace algoctl::http
