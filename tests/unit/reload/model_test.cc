// A Model as a program has it: a real registry, real files, threads of its own.

#include "algoctl/reload.h"

#include <doctest/doctest.h>

#include <fstream>
#include <sstream>

#include "unit/client/shelf.h"

namespace algoctl::test {
namespace {

using std::chrono::seconds;

/// What the file says.
std::string text_of(const Files& files) {
  std::ifstream file(files.path(), std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace

TEST_CASE("Model: follows a range, and a label that is overwritten") {
  Shelf shelf;
  shelf.ship("first");
  shelf.upload("first", "overwritten");
  const Model model(shelf.client, "acme/sentiment@^1", text_of);
  const Model label(shelf.client, "data://acme/sentiment/overwritten", text_of);
  CHECK(*model.get() == "first");
  CHECK(model.version() == "1.0.0");
  CHECK(*label.get() == "first");
  shelf.ship("second");
  CHECK(model.wait_for(Selector::parse("1.1.0"), seconds(30)));
  CHECK(*model.get() == "second");
  CHECK(model.status().state == ReplicaState::serving);
  shelf.upload("third", "overwritten", "model", true);
  CHECK(label.wait_for(Selector::parse(Digest::of("third").str()), seconds(30)));
  CHECK(*label.get() == "third");
}

}  // namespace algoctl::test
