#include "core/fitted_name.h"

#include <doctest/doctest.h>

#include "unit/core/failure.h"

namespace algoctl {

TEST_CASE("fitted_slot, fitted_label: one underscore for each character that does not fit") {
  struct Case {
    const char* text;
    const char* slot;
    const char* label;
  };
  for (const Case& c : {
           Case{"model", "model", "model"},
           Case{"a/b-1.2+x_y", "a/b-1.2+x_y", "a/b-1.2+x_y"},
           Case{"a=b", "a_b", "a=b"},
           Case{"my model (2).pkl", "my_model__2_.pkl", "my_model__2_.pkl"},
           Case{"modèle-日本", "mod_le-__", "mod_le-__"},
           Case{".hidden/-x/+y", "_hidden/_x/_y", "_hidden/_x/_y"},
           Case{"=a", "_a", "_a"},
           Case{"../../etc", "_./_./etc", "_./_./etc"},
           Case{"a..b", "a._b", "a._b"},
           Case{"/a//b/", "_a/_b_", "_a/_b_"},
           Case{"{sha}", "_sha_", "_sha_"},
           Case{"\x80\xff", "__", "__"},
       }) {
    CAPTURE(c.text);
    CHECK(fitted_slot(c.text).str() == c.slot);
    CHECK(fitted_label(c.text).str() == c.label);
  }
}

TEST_CASE("fitted_slot, fitted_label: what cannot be made to fit is refused") {
  const char* hint =
      "a slot has at most 255 letters, digits, '_', '.', '+' and '-', in segments joined by '/' "
      "that start with a letter, a digit or '_'";
  CHECK(test::failure([] { fitted_slot(""); }) ==
        std::string("usage: malformed slot '': it is empty | ") + hint);
  CHECK(test::failure([] { fitted_slot(std::string(256, 'a')); }) ==
        "usage: malformed slot '" + std::string(80, 'a') + "…': it has 256 bytes | " + hint);
  CHECK(fitted_label(std::string(255, 'a')).str().size() == 255);
}

}  // namespace algoctl
