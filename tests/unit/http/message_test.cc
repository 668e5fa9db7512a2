#include "http/message.h"

#include <doctest/doctest.h>

namespace algoctl::http {

TEST_CASE("find_field: the first of its name, in any case") {
  const Fields fields = {{"ETag", "a"}, {"etag", "b"}, {"Date", ""}};
  CHECK(find_field(fields, "etag") == "a");
  CHECK(find_field(fields, "DATE") == "");
  CHECK(find_field(fields, "eta") == std::nullopt);
  CHECK(find_field({}, "") == std::nullopt);
}

TEST_CASE("encode: all but what is unreserved") {
  const std::string unreserved =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
  std::string all;
  for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
  for (const char c : all) {
    const std::string one(1, c);
    CAPTURE(static_cast<int>(static_cast<unsigned char>(c)));
    if (unreserved.find(c) != std::string::npos) {
      CHECK(encode(one, false) == one);
    } else {
      CHECK(encode(one, false).size() == 3);
      CHECK(encode(one, true) == (c == '/' ? "/" : encode(one, false)));
    }
  }
  CHECK(encode(" +%\xff\n/", false) == "%20%2B%25%FF%0A%2F");
  CHECK(encode("ключ", true) == "%D0%BA%D0%BB%D1%8E%D1%87");
}

TEST_CASE("encode_query: sorted by what is encoded, with a = for no value") {
  CHECK(encode_query({}) == "");
  CHECK(encode_query({{"uploads", ""}}) == "uploads=");
  CHECK(encode_query({{"prefix", "a/b c"}, {"list-type", "2"}}) == "list-type=2&prefix=a%2Fb%20c");
  CHECK(encode_query({{"a", "2"}, {"a", "1"}, {"A", "3"}}) == "A=3&a=1&a=2");
  // `%` sorts before digits, which `é` itself does not.
  CHECK(encode_query({{"a0", ""}, {"aé", ""}}) == "a%C3%A9=&a0=");
}

TEST_CASE("request: its URL, what of it is shown, and its host") {
  Request request;
  request.origin = "https://storage.example:8443";
  CHECK(request.url() == "https://storage.example:8443/");
  request.path = "/bucket/a key";
  request.query = {{"X-Amz-Signature", "secret"}};
  CHECK(request.url() == "https://storage.example:8443/bucket/a%20key?X-Amz-Signature=secret");
  CHECK(request.shown() == "https://storage.example:8443/bucket/a%20key");
  CHECK(request.host() == "storage.example:8443");
}

TEST_CASE("body: its length") {
  CHECK(Body{}.length() == 0);
  CHECK(Body{.text = "bytes"}.length() == 5);
  CHECK(Body{.text = {}, .fd = 3, .offset = 10, .size = 7}.length() == 7);
}

}  // namespace algoctl::http
