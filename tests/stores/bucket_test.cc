// A store on a real server does what every store does.

#include <doctest/doctest.h>

#include "algoctl/client.h"
#include "algoctl/maintain.h"
#include "base/clock.h"
#include "store/remote/conversation.h"
#include "store/remote/kinds.h"
#include "store/remote/remote_store.h"
#include "stores/place.h"
#include "support/conformance.h"
#include "support/shop.h"

namespace algoctl::test {
namespace {

constexpr std::int64_t kDayMs = std::int64_t{24} * 60 * 60 * 1000;

std::unique_ptr<Conversation> talk_to(const std::string& url, const StoreSettings& settings) {
  return url.rfind("azure:", 0) == 0 ? talk_to_azure(url, settings) : talk_to_s3(url, settings);
}

}  // namespace

TEST_CASE("bucket: does what every store does") {
  const TemporaryFolder folder;
  const std::string url = place("conformance");
  const StoreSettings settings = settings_in(folder.path());
  create_store(url, "owner-1", settings);
  const std::int64_t part = talk_to(url, settings)->bucket().limits().usual_part;
  check_conformance([&] { return open_store(url, settings); }, folder.path(),
                    static_cast<std::size_t>(part),
                    [&](const Digest& object, const std::string& bytes) {
                      const auto talk = talk_to(url, settings);
                      talk->ask_ok([&] {
                        return talk->bucket().put(object_key(object), {bytes, -1, 0, 0},
                                                  Digest::of(bytes).hex(), false);
                      });
                    });
}

TEST_CASE("bucket: a collection aborts an upload in parts that was abandoned, after a day") {
  const Shop shop;
  const std::string url = place("abandoned");
  const StoreSettings settings = settings_in(shop / "settings");
  const auto talk = talk_to(url, settings);
  if (!talk->bucket().limits().tracks_uploads) return;  // the server drops them by itself
  ClientOptions options;
  options.home = shop.home();
  options.cache = shop.cache();
  options.store = url;
  options.actor = "ada";
  options.variable = variable;
  Client client(options);
  client.init(Algorithm::parse("acme/sentiment"), shop.work());
  const auto store = open_store(url, settings);
  const Digest digest = Digest::of("never completed");
  talk->ask_ok([&] { return talk->bucket().begin_parts(object_key(digest), digest.hex()); });
  REQUIRE(store->staged().size() == 1);

  client.gc({}, {});
  CHECK(store->staged().size() == 1);
  options.now = [] { return system_now_ms() + 2 * kDayMs; };
  Client later(options);
  std::string freed;
  later.gc({}, [&](const GcItem& item) { freed += item.name; });
  CHECK(freed.rfind(digest.hex() + "+", 0) == 0);
  CHECK(store->staged().empty());
}

}  // namespace algoctl::test
