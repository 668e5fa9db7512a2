#include <doctest/doctest.h>

#include "cli/faraway.h"
#include "support/tls_server.h"

namespace algoctl::test {
namespace {

/// A shop whose store is behind TLS by the URL that its commands are given.
struct Secured : Faraway {
  Secured() { ship(); }

  /// Checks that no command gets past the certificate, once these authorities are trusted.
  void check_refused(const TlsServer& server, const std::string& authorities,
                     const std::string& why, const std::string& hint) {
    env["AWS_CA_BUNDLE"] = authorities;
    const std::string origin = "https://" + server.host;
    const std::string url = "s3://bucket/prefix?endpoint=" + origin;
    const std::string what = ": the certificate of " + server.host + " " + why;
    const auto six = [&](const std::string& text) { return "6: " + error_text(text, hint); };
    CHECK(refusal({"pull", "acme/sentiment", "--store", url}) ==
          six("label 'model.bin': " + url + what));
    CHECK(refusal({"upload", "model.bin", "--store", url}) == six(url + what));
    CHECK(refusal({"upload", "model=" + origin + "/m.bin"}) == six(origin + "/m.bin" + what));
  }

  TemporaryFolder folder;
};

}  // namespace

TEST_CASE("far store: a certificate of an authority that is not known" *
          doctest::skip(!has_openssl())) {
  Secured shop;
  const Certificate right(shop.folder, "right", "IP:127.0.0.1");
  const Certificate other(shop.folder, "other", "IP:127.0.0.1");
  const TlsServer server(right);
  shop.check_refused(
      server, other.path, "is not trusted: self-signed certificate",
      "name the authority that signed its certificate in AWS_CA_BUNDLE, if you trust it");
}

TEST_CASE("far store: a certificate for another name" * doctest::skip(!has_openssl())) {
  Secured shop;
  const Certificate elsewhere(shop.folder, "elsewhere", "DNS:elsewhere.example");
  const TlsServer server(elsewhere);
  shop.check_refused(server, elsewhere.path, "is for another name",
                     "look at the host in the URL, or in its endpoint");
}

}  // namespace algoctl::test
