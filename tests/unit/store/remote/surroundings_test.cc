#include "http/surroundings.h"

#include <doctest/doctest.h>

#include "store/remote/kinds.h"
#include "support/scripted_server.h"

namespace algoctl::test {

TEST_CASE("surroundings: a metadata service that wants a longer wait than the timeout has none") {
  ScriptedServer server;
  server.always([](const SeenRequest&) {
    return ScriptedAnswer{.status = 503, .headers = {{"Retry-After", "1"}}};
  });
  http::Request request;
  request.origin = server.origin();
  request.path = "/latest/meta-data/";
  StoreSettings settings;
  settings.timeout = std::chrono::milliseconds(900);
  CHECK(surroundings_of(settings).fetch(request).status == 503);
  CHECK(server.requests().size() == 1);
}

}  // namespace algoctl::test
