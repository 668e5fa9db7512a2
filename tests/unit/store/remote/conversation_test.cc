#include "store/remote/conversation.h"

#include <doctest/doctest.h>

#include "unit/core/failure.h"
#include "unit/store/remote/small_parts.h"

namespace algoctl::test {
namespace {

using Kind = http::Failure::Kind;

http::Request asked_of(const std::string& origin) {
  http::Request request;
  request.origin = origin;
  return request;
}

}  // namespace

TEST_CASE("conversation: what to do when no answer came, or none that can be used") {
  struct Case {
    const char* origin;
    Kind kind;
    const char* hint;
  };
  const char* store = " | look at what answers there: is it an object store?";
  PlayedS3 s3;
  const auto talk = talk_in_small_parts(s3, "p");
  for (const Case& c : {
           Case{"https://h", Kind::unreachable, " | look at the URL, its endpoint and the network"},
           Case{"https://h", Kind::tls,
                " | name the authority that signed its certificate in AWS_CA_BUNDLE, if you trust "
                "it"},
           Case{"https://h", Kind::misnamed, " | look at the host in the URL, or in its endpoint"},
           Case{"https://h", Kind::stalled, " | run it again, or wait longer with --timeout"},
           Case{"https://h", Kind::cut, " | run it again"},
           Case{"http://h", Kind::cut, " | run it again; if it speaks https, write https://"},
           Case{"https://h", Kind::refused, store},
           Case{"https://h", Kind::malformed, store},
           Case{"http://h", Kind::malformed,
                " | does it speak https? then write https:// instead of http://"},
           Case{"http://h", Kind::internal, ""},
       }) {
    CAPTURE(std::string(c.hint));
    CHECK(failure([&] {
            throw talk->explain(asked_of(c.origin), {c.kind, "why"});
          }) == std::string("storage: s3://bucket/p: why") + c.hint);
  }
  talk->call_it("s3://bucket/p/k");
  CHECK(failure([&] {
          throw talk->explain(asked_of("http://h"), {Kind::internal, "why"});
        }) == "storage: s3://bucket/p/k: why");
}

}  // namespace algoctl::test
