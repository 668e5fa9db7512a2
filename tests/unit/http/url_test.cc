#include "http/url.h"

#include <doctest/doctest.h>

#include "unit/http/played_surroundings.h"

namespace algoctl::http {

TEST_CASE("decode: two digits after a percent sign, and nothing else") {
  for (const auto& [text, want] : std::vector<std::pair<const char*, const char*>>{
           {"", ""},
           {"a%20b%2Fc%2f", "a b/c/"},
           {"%c3%A4", "\u00e4"},
           {"a+b", "a+b"},
           {"100%", "100%"},
           {"%4", "%4"},
           {"%zz%4g%41", "%zz%4gA"},
       }) {
    CHECK(decode(text) == want);
  }
}

TEST_CASE("parse_query: pairs in their order, with and without a value") {
  CHECK(parse_query("").empty());
  CHECK(parse_query("sv=2021&&sig=a%2Bb%3D=&sp&a%26b=+") ==
        Fields{{"sv", "2021"}, {"sig", "a+b=="}, {"sp", ""}, {"a&b", "+"}});
}

TEST_CASE("request_for: origin, path and query of a URL") {
  struct Case {
    const char* url;
    const char* origin;
    const char* path;
    Fields query;
    const char* host;
  };
  for (const Case& c : std::vector<Case>{
           {"http://localhost", "http://localhost", "/", {}, "localhost"},
           {"HTTPS://Example.COM:8443/A%20b?C=D%26#e",
            "https://example.com:8443",
            "/A b",
            {{"C", "D&"}},
            "example.com"},
           {"http://[::1]:80/", "http://[::1]:80", "/", {}, "[::1]"},
           {"http://[::1]?a", "http://[::1]", "/", {{"a", ""}}, "[::1]"},
           {"https://h/a@b", "https://h", "/a@b", {}, "h"},
       }) {
    CAPTURE(c.url);
    const Request request = request_for(c.url);
    CHECK(request.method == "GET");
    CHECK(request.origin == c.origin);
    CHECK(request.path == c.path);
    CHECK(request.query == c.query);
    CHECK(host_name(request) == c.host);
  }
}

TEST_CASE("request_for: what is no URL, without what may be secret in it") {
  struct Case {
    const char* url;
    const char* error;
  };
  for (const Case& c : {
           Case{"", "'' is no http or https URL [usage] "},
           Case{"s3://b/k?sig=s3cret", "'s3://b/k' is no http or https URL [usage] "},
           Case{"localhost:80", "'localhost:80' is no http or https URL [usage] "},
           Case{"http://", "'http://' has no host [usage] "},
           Case{"http:///a?sig=s3cret", "'http:///a' has no host [usage] "},
           Case{"https://me:s3cret@h:1/a",
                "a URL for 'h:1' has a user name or a password in it [usage] "},
       }) {
    CHECK(error_of([&] { request_for(c.url); }) == c.error);
  }
}

}  // namespace algoctl::http
