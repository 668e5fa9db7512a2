#include "store/remote/brought.h"

#include <doctest/doctest.h>

namespace algoctl::test {

TEST_CASE("brought_by: which bytes an answer says that it brings") {
  struct Case {
    int status;
    http::Fields headers;
    std::optional<Brought> brought;
  };
  const auto ranged = [](const char* text) { return http::Fields{{"content-range", text}}; };
  const std::vector<Case> cases = {
      {200, {{"content-length", "10"}}, Brought{0, 10, 10}},
      {200, {{"content-length", "0"}}, Brought{0, 0, 0}},
      {200, {}, Brought{}},
      {200, {{"content-length", "99999999999999999999"}}, Brought{}},
      // What comes in chunks ends with the last of them, whatever else is said.
      {200, {{"content-length", "10"}, {"transfer-encoding", "chunked"}}, Brought{}},
      {200, {{"content-length", "10"}, {"transfer-encoding", "gzip, Chunked"}}, Brought{}},
      {206, ranged("bytes 0-9/10"), Brought{0, 10, 10}},
      {206, ranged("bytes 5-9/20"), Brought{5, 10, 20}},
      {206, ranged("Bytes 5-5/*"), Brought{5, 6, -1}},
      {206, {}, std::nullopt},
      {206, {{"content-length", "10"}}, std::nullopt},
      {206, ranged("bytes */10"), std::nullopt},
      {206, ranged("bytes 9-5/20"), std::nullopt},
      {206, ranged("bytes 5-9/9"), std::nullopt},
      {206, ranged("bytes 5-9"), std::nullopt},
      {206, ranged("bytes -9/10"), std::nullopt},
      {206, ranged("bytes 5-/10"), std::nullopt},
      {206, ranged("bytes 5-9/x"), std::nullopt},
      {206, ranged("items 5-9/20"), std::nullopt},
      {206, ranged("bytes 5/9-20"), std::nullopt},
      {206, ranged("bytes 99999999999999999999-9/20"), std::nullopt},
  };
  for (const Case& c : cases) {
    CAPTURE(c.status);
    CAPTURE(c.headers.empty() ? std::string() : c.headers.front().value);
    http::Response head;
    head.status = c.status;
    head.headers = c.headers;
    CHECK((brought_by(head) == c.brought));
  }
}

}  // namespace algoctl::test
