#include <doctest/doctest.h>
#include <signal.h>

#include <filesystem>

#include "base/text.h"
#include "support/damage.h"
#include "support/killing.h"

namespace fs = std::filesystem;

namespace algoctl::test {
namespace {

using Nanoseconds = std::chrono::nanoseconds;

const ProcessOptions kNow{.env = {{"ALGOCTL_TRASH_GRACE", "0"}}};

void check_clean(const Shop& shop) {
  const auto verify = shop.algoctl({"verify", "--all"});
  CHECK(verify.exit == 0);
  CHECK(verify.out == "");
  CHECK(names_in(shop.home() + "/store/staging").empty());
}

/// The objects of the store, by the names of their folders.
std::size_t objects_of(const Shop& shop) {
  std::size_t count = 0;
  for (const auto& entry : fs::recursive_directory_iterator(shop.home() + "/store/objects")) {
    if (entry.is_regular_file()) ++count;
  }
  return count;
}

/// Moves a label four times: four objects that nothing needs.
void litter(const Shop& shop, int round) {
  const std::string name = "m" + std::to_string(round);
  for (int i = 0; i < 5; ++i) {
    shop.answer({"upload", "-", "--as", name, "--replace", "--no-manifest", "-q"},
                {.input = std::to_string(round) + " " + std::to_string(i)});
  }
}

void run_for(const Shop& shop, Arguments arguments, Nanoseconds delay) {
  arguments.insert(arguments.begin(), ALGOCTL_PROGRAM);
  Process process(arguments, shop.inside(kNow));
  const timespec pause{delay.count() / 1000000000, delay.count() % 1000000000};
  ::nanosleep(&pause, nullptr);
  process.send(SIGKILL);
  process.wait();
}

}  // namespace

TEST_CASE("kill: gc at any instant, run again, frees all and loses nothing") {
  const Shop shop;
  shop.answer({"init", "acme/sentiment"});
  shop.ship("m", "published");
  litter(shop, 0);
  const Nanoseconds whole = time_of(shop, {"gc"});
  Instants instants(5);
  for (int round = 1; round < 1 + 15 / kFewer; ++round) {
    CAPTURE(round);
    litter(shop, round);
    for (int i = 0; i < 2; ++i) run_for(shop, {"gc", "-q"}, instants.next(whole));
    for (int i = 0; i < 2; ++i) CHECK(shop.algoctl({"gc"}, kNow).exit == 0);
    CHECK(objects_of(shop) == static_cast<std::size_t>(round) + 2);  // the labels', and 1.0.0's
    check_clean(shop);
  }
  CHECK(test::read(shop.answer({"pull", "@1.0.0"})) == "published");
}

TEST_CASE("kill: verify --repair at any instant, run again, mends everything") {
  const Shop shop;
  shop.answer({"init", "acme/sentiment"});
  std::vector<std::string> models;
  for (const char letter : {'a', 'b', 'c', 'd'}) {
    models.emplace_back(std::size_t{200000}, letter);
    shop.ship(std::string(1, letter), models.back(), {"--meta", std::string("letter=") + letter});
  }
  fs::copy(shop.home() + "/store", shop / "copy", fs::copy_options::recursive);
  const Arguments repair = {"verify", "--repair", "--from", shop / "copy", "-q"};
  const auto damage = [&] {
    fs::remove(object_path(shop, models[0]));
    overwrite(object_path(shop, models[1]), flipped(models[1], 5));
    tamper(shop, "DELETE FROM note");
  };
  damage();
  const Nanoseconds whole = time_of(shop, repair);
  Instants instants(6);
  for (int round = 0; round < 15 / kFewer; ++round) {
    CAPTURE(round);
    damage();
    kill_after(shop, repair, instants.next(whole));
    CHECK(shop.algoctl(repair).exit == 0);
    shop.answer({"gc"});  // what the killed one had staged
    check_clean(shop);
    for (const std::string& model : models) CHECK(test::read(object_path(shop, model)) == model);
    CHECK(shop.answer({"show", "@1.0.0", "meta.letter"}) == "a");
  }
}

}  // namespace algoctl::test
