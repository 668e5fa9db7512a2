// What is wrong with the URL of a store or an object, or with what it leads to.

#include <doctest/doctest.h>

#include "base/text.h"
#include "support/played_s3.h"
#include "support/shop.h"

namespace algoctl::test {
namespace {

using Variables = std::map<std::string, std::string>;

const Variables kPlayedKeys = {{"AWS_ACCESS_KEY_ID", "key"}, {"AWS_SECRET_ACCESS_KEY", "secret"}};

/// How a command ends, and what it says: `2 algoctl: …`.
std::string far_said(const Shop& shop, const Arguments& arguments,
                     const Variables& variables = kPlayedKeys) {
  const ProcessResult result = shop.algoctl(arguments, {.env = variables});
  CHECK(result.out == "");
  return std::to_string(result.exit) + " " + result.err;
}

const std::string kTakeItOut = "take it out: credentials come from the environment or from files";

}  // namespace

TEST_CASE("far url: a query or a path of an endpoint is refused, and a secret in it never shown") {
  const Shop shop;
  PlayedS3 s3;
  const std::string origin = s3.server().origin();
  const std::string form = "write endpoint=https://HOST";
  CHECK(far_said(shop,
                 {"init", "a/b", "--store", "s3://b/q?endpoint=" + origin + "/sub?token=t0k"}) ==
        "2 " + error_text("the endpoint in the store's URL holds a query",
                          form + ", without what follows the host"));
  CHECK(far_said(shop, {"init", "a/b", "--store", "s3://b/q?endpoint=" + origin + "/sub"}) ==
        "2 " + error_text("the endpoint in the store's URL holds a path",
                          form + " alone: bucket and prefix are said before the settings"));
  Variables variables = kPlayedKeys;
  variables["AWS_ENDPOINT_URL"] = origin + "?token=t0k";
  CHECK(far_said(shop, {"init", "a/b", "--store", "s3://bucket/q"}, variables) ==
        "2 " + error_text("AWS_ENDPOINT_URL holds a query",
                          "write AWS_ENDPOINT_URL=https://HOST, without what follows the host"));
  CHECK(far_said(shop, {"init", "a/b", "--store", "s3://b?endpoint=http://h:99999"}) ==
        "2 " + error_text("the endpoint in the store's URL has no valid port",
                          "a port is a number from 1 to 65535"));
  CHECK(far_said(shop, {"init", "a/b", "--store", "s3://b?endpoint=http://u:t0k@h"}) ==
        "2 " + error_text("the endpoint in the store's URL holds a user name or a password",
                          kTakeItOut));
  CHECK(s3.server().requests().empty());
}

TEST_CASE("far url: a password is to be taken out, whose URL ever it is") {
  const Shop shop;
  shop.answer({"init", "acme/sentiment"});
  CHECK(far_said(shop, {"--store", "s3://user:t0k@b/p", "list"}) ==
        "2 " +
            error_text("option --store: a password does not belong in a store's URL", kTakeItOut));
  CHECK(far_said(shop, {"upload", "s3://user:t0k@b/k"}) ==
        "2 " + error_text("the object's URL 's3://…' holds a user name or a password", kTakeItOut));
}

TEST_CASE("far url: another object than the one that is named is never read") {
  const Shop shop;
  PlayedS3 s3;
  shop.answer({"init", "acme/sentiment"});
  s3.set("b/store.json", "{}");
  CHECK(far_said(shop, {"upload", "s3://bucket//b/store.json?endpoint=" + s3.server().origin()}) ==
        "2 " + error_text("the object's URL 's3://…' has a prefix with an empty part, '.', '..' "
                          "or a control character",
                          "choose a plain prefix"));
}

TEST_CASE("far url: no such bucket is no such object, and an unreachable object is named") {
  const Shop shop;
  PlayedS3 s3;
  shop.answer({"init", "acme/sentiment"});
  const std::string rest = "?endpoint=" + s3.server().origin();
  CHECK(far_said(shop, {"upload", "s3://nobucket/k" + rest}) ==
        "6 " + error_text("s3://nobucket" + rest + ": there is no such bucket",
                          "make it first, or look at the name and the endpoint"));
  const std::string gone = far_said(shop, {"--timeout", "0.2", "upload", "https://127.0.0.1:1/k"});
  CHECK(starts_with(gone, "6 algoctl: https://127.0.0.1:1/k: cannot reach 127.0.0.1:1: "));
  CHECK(gone.find("\n  hint: look at the URL, its endpoint and the network\n") !=
        std::string::npos);
}

TEST_CASE(
    "far url: a program that gives credentials is named with its profile, and ended in time") {
  const Shop shop;
  PlayedS3 s3;
  const std::string config = shop.write("config", "[default]\ncredential_process = /no/such\n");
  const Arguments init = {"--timeout", "0.2", "init", "a/b", "--store", s3.url()};
  const std::string where = "credential_process of profile 'default' in '" + config + "'";
  CHECK(far_said(shop, init, {{"AWS_CONFIG_FILE", config}}) ==
        "8 " + error_text(where + ": cannot start '/no/such': No such file or directory",
                          "name a program that is there: it is started without a shell"));
  shop.write("config", "[default]\ncredential_process = sleep 100\n");
  CHECK(far_said(shop, init, {{"AWS_CONFIG_FILE", config}}) ==
        "8 " + error_text(where + " gave no credentials within 0.2 s, and was ended",
                          "run 'sleep' by hand, as the profile has it, or wait longer with "
                          "--timeout"));
}

TEST_CASE("far url: gc where a store can only be read says where to collect") {
  const Shop shop;
  PlayedS3 s3;
  REQUIRE(
      shop.algoctl({"init", "acme/sentiment", "--store", s3.url()}, {.env = kPlayedKeys}).exit ==
      0);
  const std::string web = s3.server().origin() + "/bucket/prefix";
  CHECK(far_said(shop, {"--store", web, "gc"}) ==
        "6 " + error_text("store " + web + " can only be read",
                          "collect in the store that it is a copy of"));
}

}  // namespace algoctl::test
