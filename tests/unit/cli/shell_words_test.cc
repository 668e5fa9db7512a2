#include "shell_words.h"

#include <doctest/doctest.h>

#include "base/text.h"

namespace algoctl::cli {

TEST_CASE("shell_words: as a shell reads them, up to the cursor") {
  struct Case {
    std::string line;
    std::string want;  // words with | between them
  };
  for (const Case& each : std::vector<Case>{
           {"", ""},
           {"algoctl", "algoctl"},
           {"algoctl ", "algoctl|"},
           {"  algoctl  pub", "algoctl|pub"},
           {"algoctl resolve 'acme/x@>=1 <2'", "algoctl|resolve|acme/x@>=1 <2"},
           {"algoctl resolve 'acme/x@>=1 <", "algoctl|resolve|acme/x@>=1 <"},
           {"algoctl resolve \"a\\\"b\\$c\\d", "algoctl|resolve|a\"b$c\\d"},
           {"algoctl resolve \"a\\", "algoctl|resolve|a\\"},
           {"algoctl upload my\\ model", "algoctl|upload|my model"},
           {"algoctl upload my\\", "algoctl|upload|my"},
           {"algoctl upload 'my '\\''own'\"s\"", "algoctl|upload|my 'owns"},
           {"algoctl '' ", "algoctl||"},
           {"A=1 B_2='x y' algoctl a=b", "algoctl|a=b"},
           {"A=1 ", ""},
           {"A=1", "A=1"},
           {"1A=1 algoctl", "1A=1|algoctl"},
           {"a-b=1 algoctl", "a-b=1|algoctl"},
           {"algoctl\t--home\n$HOME", "algoctl|--home|$HOME"},
       }) {
    CAPTURE(each.line);
    CHECK(join(shell_words(each.line), "|") == each.want);
  }
}

}  // namespace algoctl::cli
