// The main job with the program itself, its bytes on a real server.

#include <doctest/doctest.h>

#include <filesystem>

#include "base/text.h"
#include "stores/place.h"
#include "support/killing.h"
#include "support/shop.h"
#include "unit/reload/followed.h"

namespace fs = std::filesystem;

namespace algoctl::test {
namespace {

constexpr std::size_t kLarge = std::size_t{40} << 20;  // more than one part
constexpr int kSmall = 30;

/// A shop whose store is on the server.
struct Branch : Shop {
  explicit Branch(const std::string& name) : url(place(name)) {}

  /// As the person at this shop, who has the credentials.
  std::string say(const Arguments& arguments) const {
    return answer(arguments, {.env = credentials(), .seconds = 300});
  }
  [[nodiscard]] bool has_folder_of_objects() const { return fs::exists(home() + "/store"); }

  std::string url;
};

std::string small_name(int number) { return "small/" + std::to_string(number) + ".bin"; }

/// Both files of acme/sentiment, as they were written.
void check_files(const Shop& shop, const std::string& folder, const std::string& large) {
  CHECK((test::read(folder + "/large.bin") == large));
  for (int i = 0; i < kSmall; ++i) {
    CHECK((test::read(folder + "/" + small_name(i)) == shop.read(small_name(i))));
  }
}

}  // namespace

TEST_CASE("job: a model goes up, is published, comes back, is verified, collected and moved") {
  const Branch shop("first");
  const std::string large = patterned(kLarge, 1);
  shop.write("large.bin", large);
  for (int i = 0; i < kSmall; ++i) shop.write(small_name(i), patterned(30'000, 100 + i));
  shop.say({"init", "acme/sentiment", "--store", shop.url});
  shop.say({"upload", "large=large.bin"});
  shop.say({"upload", "small"});
  CHECK(shop.say({"publish"}) == "1.0.0");
  CHECK(!shop.has_folder_of_objects());

  const std::string folder = shop.say({"pull", "acme/sentiment", "--dir"});
  check_files(shop, folder, large);
  CHECK(shop.say({"pull", "acme/sentiment", "--dir"}) == folder);
  fs::remove_all(shop.cache());
  shop.say({"pull", "acme/sentiment", "-o", "copies"});
  check_files(shop, shop.work() + "/copies", large);

  CHECK(shop.say({"verify", "--all"}) == "");
  shop.write("other.bin", "other");
  shop.say({"upload", "other.bin", "--as", small_name(0), "--replace", "--no-manifest"});
  CHECK(shop.say({"gc"}) == "");
  CHECK(shop.say({"verify", "--all"}) == "");

  const Branch second("second");
  shop.say({"export", "--all", "-o", second / "x.tar"});
  second.say({"init", "acme/other", "--store", second.url});
  second.say({"import", second / "x.tar"});
  CHECK(!second.has_folder_of_objects());
  CHECK(second.say({"verify", "--all"}) == "");
  second.say({"pull", "acme/sentiment", "-o", "copies"});
  check_files(shop, second.work() + "/copies", large);
}

TEST_CASE("job: a program that serves follows a channel whose bytes are on the server") {
  const Branch shop("followed");
  shop.say({"init", "acme/sentiment", "--store", shop.url});
  const auto ship = [&](const std::string& bytes) {
    shop.write("model.txt", bytes);
    shop.say({"upload", "model.txt", "--replace"});
    shop.say({"publish"});
  };
  ship("first");
  shop.say({"promote", "acme/sentiment@1.0.0", "stable"});
  ClientOptions options;
  options.home = shop.home();
  options.cache = shop / "cache of the server";
  options.variable = variable;
  Client client(options);
  const Model model(client, "acme/sentiment@stable", text_of);
  CHECK(*model.get() == "first");
  ship("second");
  shop.say({"promote", "acme/sentiment@1.1.0", "stable"});
  CHECK(model.wait_for(Selector::parse("^1.1"), kLong));
  CHECK(*model.get() == "second");
}

}  // namespace algoctl::test
