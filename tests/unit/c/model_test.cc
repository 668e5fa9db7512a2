// A model by the C interface: callbacks, borrows, failures.

#include <doctest/doctest.h>

#include <atomic>
#include <string>

#include "algoctl/c_model.h"
#include "unit/c/c_shop.h"

namespace algoctl::test {
namespace {

constexpr std::int64_t kLimit = 30000;

/// What the callbacks share. A model is a std::string of the file's bytes.
struct Seen {
  std::atomic<int> loaded{0};
  std::atomic<int> unloaded{0};
};

void* load(void* user, const algoctl_files* files, algoctl_failure* failure) {
  const algoctl_file* const file = algoctl_files_at(files, 0);
  const std::string bytes = read(file->path);
  if (bytes == "unloadable") {
    algoctl_fail(failure, "these are no weights");
    return nullptr;
  }
  ++static_cast<Seen*>(user)->loaded;
  return new std::string(bytes + " " + algoctl_files_version(files));
}

int validate(void* /*user*/, const void* model, algoctl_failure* /*failure*/) {
  return static_cast<const std::string*>(model)->compare(0, 3, "bad") == 0 ? 1 : 0;
}

int warm_up(void* /*user*/, void* model, algoctl_failure* failure) {
  if (static_cast<std::string*>(model)->compare(0, 4, "cold") != 0) return 0;
  algoctl_fail(failure, "it stays cold");
  return 1;
}

void unload(void* user, void* model) {
  ++static_cast<Seen*>(user)->unloaded;
  delete static_cast<std::string*>(model);
}

algoctl_model_options options_for(Seen& seen) {
  algoctl_model_options options = {};
  options.size = sizeof options;
  options.user = &seen;
  options.load = load;
  options.validate = validate;
  options.warm_up = warm_up;
  options.unload = unload;
  options.name = "scorer";
  return options;
}

std::string text_of(const algoctl_borrow& borrow) {
  return *static_cast<const std::string*>(borrow.model);
}

}  // namespace

TEST_CASE("c: a model follows its reference, and each load is unloaded") {
  CShop shop;
  CHECK(shop.ship("first") == "1.0.0");
  Seen seen;
  const algoctl_model_options options = options_for(seen);
  algoctl_model* model = nullptr;
  REQUIRE(algoctl_model_open(shop.client, "acme/sentiment@^1", &options, &model, nullptr) == 0);
  algoctl_borrow first = {};
  first.size = sizeof first;
  algoctl_model_get(model, &first);
  CHECK(text_of(first) == "first 1.0.0");
  CHECK(std::string(first.version) == "1.0.0");
  CHECK(shop.ship("second") == "1.1.0");
  REQUIRE(algoctl_model_wait_for(model, ">=1.1.0", kLimit, nullptr) == 0);
  CHECK(text_of(first) == "first 1.0.0");
  CHECK(seen.unloaded == 0);
  algoctl_borrow_release(&first);
  CHECK(first.model == nullptr);
  algoctl_borrow_release(&first);

  algoctl_borrow second = {};
  second.size = sizeof second;
  REQUIRE(algoctl_model_get_at_least(model, "1.1.0", kLimit, &second, nullptr) == 0);
  CHECK(text_of(second) == "second 1.1.0");
  algoctl_borrow_release(&second);

  algoctl_model_status status = {};
  status.size = sizeof status;
  REQUIRE(algoctl_model_reload_now(model, nullptr) == 0);
  REQUIRE(algoctl_model_wait_for(model, "^1", kLimit, nullptr) == 0);
  REQUIRE(algoctl_model_get_status(model, &status, nullptr) == 0);
  CHECK(std::string(status.serving) == "1.1.0");
  CHECK(status.switches == 2);
  CHECK(status.error_message == nullptr);
  algoctl_memory_free(status.memory);
  algoctl_model_close(model);
  CHECK(seen.loaded == 2);
  CHECK(seen.unloaded == 2);
}

TEST_CASE("c: a model that cannot be had in time is busy") {
  CShop shop;
  shop.upload("first", "first.pkl");
  CHECK(shop.ship("first") == "1.0.0");
  Seen seen;
  const algoctl_model_options options = options_for(seen);
  algoctl_model* model = nullptr;
  REQUIRE(algoctl_model_open(shop.client, "acme/sentiment@^1", &options, &model, nullptr) == 0);
  algoctl_error* error = nullptr;
  CHECK(algoctl_model_wait_for(model, ">=2.0.0", 1, &error) == ALGOCTL_BUSY);
  CHECK(std::string(algoctl_error_message(error)) ==
        "acme/sentiment@^1 is not served as '>=2.0.0' after 1 ms");
  CHECK(std::string(algoctl_error_hint(error)) ==
        "wait longer, or see in its status why it does not come");
  algoctl_error_free(error);
  algoctl_borrow borrow = {};
  borrow.size = sizeof borrow;
  CHECK(algoctl_model_get_at_least(model, ">=2.0.0", 1, &borrow, nullptr) == ALGOCTL_BUSY);
  CHECK(borrow.model == nullptr);
  borrow.size = 1;
  algoctl_model_get(model, &borrow);
  CHECK(borrow.model == nullptr);
  algoctl_model_close(model);
}

TEST_CASE("c: what a callback says of its failure is in the error") {
  CShop shop;
  Seen seen;
  algoctl_model_options options = options_for(seen);
  const auto message = [&](const std::string& bytes) {
    shop.upload(bytes, "model.pkl");
    algoctl_model* model = nullptr;
    algoctl_error* error = nullptr;
    CHECK(algoctl_model_open(shop.client, "data://acme/sentiment/model.pkl", &options, &model,
                             &error) == ALGOCTL_CHECK_FAILED);
    CHECK(model == nullptr);
    std::string text = algoctl_error_message(error);
    algoctl_error_free(error);
    const std::string begin =
        "cannot load " + Digest::of(bytes).str() + " of data://acme/sentiment/model.pkl: ";
    CHECK(text.substr(0, begin.size()) == begin);
    return text.substr(begin.size());
  };
  CHECK(message("unloadable") == "these are no weights");
  CHECK(message("bad") == "the model is not valid");
  CHECK(message("cold") == "it stays cold");
  CHECK(seen.loaded == 2);
  CHECK(seen.unloaded == 2);
  options.load = [](void*, const algoctl_files*, algoctl_failure*) -> void* { return nullptr; };
  CHECK(message("nothing") == "the loader returned nothing");
  options.load = nullptr;
  algoctl_model* model = nullptr;
  algoctl_error* error = nullptr;
  CHECK(algoctl_model_open(shop.client, "acme/sentiment", &options, &model, &error) ==
        ALGOCTL_USAGE);
  CHECK(std::string(algoctl_error_message(error)) == "the loader is not given");
  algoctl_error_free(error);
}

}  // namespace algoctl::test
