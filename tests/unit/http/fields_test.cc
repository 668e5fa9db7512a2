#include "http/fields.h"

#include <doctest/doctest.h>

namespace algoctl::http {

TEST_CASE("fold_blanks: none at the ends, one inside") {
  for (const auto& [value, want] : std::vector<std::pair<const char*, const char*>>{
           {"", ""},
           {" \t ", ""},
           {"a", "a"},
           {"  a \t b  ", "a b"},
           {"\"a   b\"", "\"a b\""},
           {"a\xc3\xa4  b", "a\xc3\xa4 b"},
       }) {
    CHECK(fold_blanks(value) == want);
  }
}

TEST_CASE("lower: only letters of ASCII") {
  CHECK(lower("X-Amz-\xc3\x84[@Z") == "x-amz-\xc3\x84[@z");
}

TEST_CASE("set_field and remove_field: whatever the case, every one of the name") {
  Fields fields = {{"A", "1"}, {"b", "2"}, {"a", "3"}};
  set_field(fields, "A", "4");
  CHECK(fields == Fields{{"b", "2"}, {"A", "4"}});
  remove_field(fields, "B");
  remove_field(fields, "c");
  CHECK(fields == Fields{{"A", "4"}});
}

}  // namespace algoctl::http
