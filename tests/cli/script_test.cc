#include <doctest/doctest.h>

#include "support/shop.h"
#include "support/typist.h"

namespace algoctl::test {
namespace {

// As people copy it from the documentation.
constexpr const char* kScript = R"sh(set -e
algoctl init acme/sentiment
uri=$(algoctl upload mymodel-201902.pkl)
v=$(algoctl publish -m 'retrained on February')
test "$v" = "$(algoctl resolve acme/sentiment)"
model=$(algoctl pull 'acme/sentiment@^1' --slot model)
sha256sum "$model"
)sh";

ProcessResult run_script(const Shop& shop, const std::string& script) {
  return run({"/bin/sh"}, shop.inside({.env = {{"PATH", path_with_program()}}, .input = script}));
}

}  // namespace

TEST_CASE("script: the documented one from init to the model's checksum, again and again") {
  const Shop shop;
  shop.write("mymodel-201902.pkl", "the model of February");
  std::string first;
  for (int round = 0; round < 3; ++round) {
    CAPTURE(round);
    const auto result = run_script(shop, kScript);
    CHECK(result.exit == 0);
    const std::string manifest = shop.work() + "/algorithm.json\n";
    REQUIRE(result.out.substr(0, manifest.size()) == manifest);
    const std::string sum = result.out.substr(manifest.size());
    CHECK(sum.substr(0, 66) == sha256_of("the model of February") + "  ");
    CHECK(sum.substr(sum.rfind('/')) == "/mymodel-201902.pkl\n");
    if (round == 0) first = sum;
    CHECK(sum == first);
  }
  CHECK(shop.answer({"list", "acme/sentiment"}) == "1.0.0");
  CHECK(shop.answer({"show", "acme/sentiment", "notes"}) == "retrained on February");
}

TEST_CASE("script: the monthly retraining in one line each") {
  const Shop shop;
  shop.answer({"init", "acme/sentiment"});
  const auto result = run_script(shop, R"(set -eu
for month in 01 02 03; do
  echo "model of $month" > "mymodel-2019$month.pkl"
  algoctl -q release "mymodel-2019$month.pkl"
done
algoctl pull 'acme/sentiment@1.1' --to frozen.pkl
cat frozen.pkl
)");
  CHECK(result.exit == 0);
  CHECK(result.err == "");
  CHECK(result.out == "1.0.0\n1.1.0\n1.2.0\nfrozen.pkl\nmodel of 02\n");
}

TEST_CASE("script: a pipe that is closed early is no error") {
  const Shop shop;
  shop.answer({"init", "acme/sentiment"});
  shop.ship("a.pkl", "a");
  for (const Arguments& arguments :
       {Arguments{"list"}, {"list", "acme/sentiment"}, {"show", "acme/sentiment"}}) {
    const auto result = shop.algoctl(arguments, {.stop_reading = true});
    CHECK(result.exit == 0);
    CHECK(result.err == "");
  }
}

}  // namespace algoctl::test
