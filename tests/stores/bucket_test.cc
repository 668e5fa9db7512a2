// A store on a real server does what every store does.

#include <doctest/doctest.h>

#include "algoctl/client.h"
#include "algoctl/maintain.h"
#include "base/clock.h"
#include "http/aws_credentials.h"
#include "http/aws_signer.h"
#include "http/azure_account.h"
#include "store/remote/conversation.h"
#include "store/remote/kinds.h"
#include "store/remote/remote_store.h"
#include "stores/place.h"
#include "support/conformance.h"
#include "support/shop.h"
#include "unit/store/store_fixture.h"

namespace algoctl::test {
namespace {

constexpr std::int64_t kDayMs = std::int64_t{24} * 60 * 60 * 1000;

std::unique_ptr<Conversation> talk_to(const std::string& url, const StoreSettings& settings) {
  return url.rfind("azure:", 0) == 0 ? talk_to_azure(url, settings) : talk_to_s3(url, settings);
}

/// What signs for the run's server.
std::shared_ptr<http::Signer> signer_of(const std::string& url, const StoreSettings& settings) {
  const http::Surroundings around = surroundings_of(settings);
  if (url.rfind("azure:", 0) == 0) return http::azure_signer(http::find_azure_account(around));
  return std::make_shared<http::AwsSigner>(
      [around] { return http::find_aws_credentials(around, {}); },
      variable("AWS_REGION").value_or("us-east-1"));
}

/// Status and body, as another program gets them.
std::string got_by(const std::string& url) {
  const TemporaryFolder folder;
  const std::string body = folder.write("body", "");
  const ProcessResult got = run({"curl", "-sS", "-o", body, "-w", "%{http_code}", url});
  return got.out + " " + read(body);
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

TEST_CASE("bucket: a link gives anybody the bytes, until it expires, and as it is alone") {
  const TemporaryFolder folder;
  const std::string url = place("linked");
  const StoreSettings settings = settings_in(folder.path());
  const auto store = create_store(url, "owner-1", settings);
  const std::string bytes = noise(100'000);
  const Digest digest = put_file(*store, folder.write("file", bytes), "upload").digest;

  const http::Link link = store->link(digest, std::chrono::minutes(1));
  CHECK(link.expires_at.value() > system_now_ms());
  CHECK((got_by(link.url) == "200 " + bytes));
  std::string altered = link.url;
  const std::string signature = url.rfind("azure:", 0) == 0 ? "sig=" : "X-Amz-Signature=";
  char& first = altered.at(altered.find(signature) + signature.size());
  first = first == '0' ? '1' : '0';
  CHECK(got_by(altered).substr(0, 4) == "403 ");

  const auto signer = signer_of(url, settings);
  const auto link_made = [&](std::int64_t at_ms) {
    const http::Request request = talk_to(url, settings)->bucket().get(object_key(digest));
    return signer->presign(request, at_ms, std::chrono::seconds(30));
  };
  CHECK((got_by(link_made(system_now_ms()).url) == "200 " + bytes));
  const http::Link old = link_made(system_now_ms() - 60'000);
  CHECK(old.expires_at.value() < system_now_ms());
  CHECK(got_by(old.url).substr(0, 4) == "403 ");
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
