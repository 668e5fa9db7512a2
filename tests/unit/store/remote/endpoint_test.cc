#include "store/remote/endpoint.h"

#include <doctest/doctest.h>

#include "unit/core/failure.h"

namespace algoctl::test {
namespace {

using Path = Endpoint::Path;

const EndpointSource kSource = {"AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL=https://HOST"};

std::string endpoint_fault(const std::string& text, Path path = Path::refused) {
  return failure([&] { Endpoint::parse(text, kSource, path); });
}

}  // namespace

TEST_CASE("endpoint: taken apart") {
  struct Case {
    const char* text;
    const char* origin;
    const char* path;
  };
  for (const Case& c : {
           Case{"https://H.example", "https://h.example", ""},
           Case{"HTTP://127.0.0.1:7480/", "http://127.0.0.1:7480", ""},
           Case{"http://[::1]:65535", "http://[::1]:65535", ""},
           Case{"http://[::1]", "http://[::1]", ""},
           Case{"http://127.0.0.1:10000/acme/", "http://127.0.0.1:10000", "/acme"},
       }) {
    CAPTURE(std::string(c.text));
    const Endpoint endpoint = Endpoint::parse(c.text, kSource, Path::account);
    CHECK(endpoint.origin == c.origin);
    CHECK(endpoint.path == c.path);
  }
  CHECK(Endpoint::parse("https://h/", kSource, Path::refused).path == "");
}

TEST_CASE("endpoint: what is refused, and never shown, since it may be a secret") {
  struct Case {
    const char* text;
    const char* why;
  };
  const std::string form = "write AWS_ENDPOINT_URL=https://HOST";
  for (const Case& c : {
           Case{"", "is no http or https URL | FORM"},
           Case{"secret", "is no http or https URL | FORM"},
           Case{"ftp://secret", "is no http or https URL | FORM"},
           Case{"http://u:secret@h",
                "holds a user name or a password | take it out: credentials come from the "
                "environment or from files"},
           Case{"http://h/sub?token=secret", "holds a query | FORM, without what follows the host"},
           Case{"http://h?secret", "holds a query | FORM, without what follows the host"},
           Case{"http://h#secret", "holds a '#' | FORM"},
           Case{"http:///secret", "names no host | FORM"},
           Case{"http://a,secret", "names no host | FORM"},
           Case{"http://h:99999", "has no valid port | a port is a number from 1 to 65535"},
           Case{"http://h:0", "has no valid port | a port is a number from 1 to 65535"},
           Case{"http://h:", "has no valid port | a port is a number from 1 to 65535"},
           Case{"http://u:secret/p@h", "has no valid port | a port is a number from 1 to 65535"},
           Case{"http://[::1]:x", "has no valid port | a port is a number from 1 to 65535"},
           Case{"http://h/secret",
                "holds a path | FORM alone: bucket and prefix are said before the settings"},
       }) {
    CAPTURE(std::string(c.text));
    std::string why = c.why;
    if (const std::size_t at = why.find("FORM"); at != std::string::npos) why.replace(at, 4, form);
    CHECK(endpoint_fault(c.text) == "usage: AWS_ENDPOINT_URL " + why);
  }
  CHECK(endpoint_fault("https://h/?sig=secret", Path::account) ==
        "usage: AWS_ENDPOINT_URL holds a query | take it out: a SAS token belongs in "
        "AZURE_STORAGE_SAS_TOKEN");
}

}  // namespace algoctl::test
