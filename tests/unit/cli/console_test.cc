#include "console.h"

#include <doctest/doctest.h>

namespace algoctl::cli {

TEST_CASE("error_text: message, further lines, hint") {
  CHECK(error_text(Error(Code::usage, "unknown command 'x'"), false) ==
        "algoctl: unknown command 'x'\n");
  CHECK(error_text(Error(Code::conflict,
                         "label 'x' already names other bytes\n  stored:  sha256:9f86\n  yours:   "
                         "sha256:6030",
                         "choose a new label, or\nmove this one with --replace"),
                   false) ==
        "algoctl: label 'x' already names other bytes\n"
        "  stored:  sha256:9f86\n"
        "  yours:   sha256:6030\n"
        "  hint: choose a new label, or\n"
        "        move this one with --replace\n");
}

TEST_CASE("error_text: colour marks the heads, not the words") {
  CHECK(error_text(Error(Code::usage, "no", "yes"), true) ==
        "\033[1;31malgoctl:\033[0m no\n  \033[1;34mhint:\033[0m yes\n");
}

TEST_CASE("error_record: every field, on one line") {
  CHECK(error_record(Error(Code::not_found, "no \"x\"\nhere"), 3) ==
        R"({"schema":"algoctl.error/v1","code":"not_found","exit":3,"message":"no \"x\"\nhere",)"
        R"("hint":null})");
  CHECK(error_record(Error(Code::busy, "m", "h"), 7) ==
        R"({"schema":"algoctl.error/v1","code":"busy","exit":7,"message":"m","hint":"h"})");
}

TEST_CASE("wants_color: only a terminal that can, and nobody against it") {
  CHECK(wants_color(true, nullptr, "xterm"));
  CHECK(wants_color(true, "", "xterm"));
  CHECK(wants_color(true, nullptr, nullptr));
  CHECK_FALSE(wants_color(true, "1", "xterm"));
  CHECK_FALSE(wants_color(true, nullptr, "dumb"));
  CHECK_FALSE(wants_color(false, nullptr, "xterm"));
}

}  // namespace algoctl::cli
