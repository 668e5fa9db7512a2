#include <doctest/doctest.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/text.h"
#include "http/url.h"
#include "support/played_s3.h"
#include "support/shop.h"

namespace algoctl::test {
namespace {

/// A shop whose registry has its store on a played server.
struct Linked : Shop {
  Linked() {
    run({"init", "acme/sentiment", "--store", s3.url()});
    write("model.bin", "the model");
    run({"upload", "model.bin"});
    run({"publish"});
  }

  [[nodiscard]] ProcessResult call(const Arguments& arguments) const {
    return algoctl(arguments,
                   {.env = {{"AWS_ACCESS_KEY_ID", "key"}, {"AWS_SECRET_ACCESS_KEY", "secret"}}});
  }
  std::string run(const Arguments& arguments) const {
    const ProcessResult result = call(arguments);
    CAPTURE(result.err);
    REQUIRE(result.exit == 0);
    return result.out;
  }

  PlayedS3 s3;
};

/// What anybody gets by a link, without credentials.
std::string got_by(const std::string& url) { return run({"curl", "-fsS", url}).out; }

}  // namespace

TEST_CASE("link: whoever has it gets the bytes, without credentials") {
  const Linked shop;
  const std::string out = shop.run({"link", "acme/sentiment@1.0.0"});
  const std::string url = out.substr(0, out.find('\n'));
  CHECK(out == url + "\n");
  CHECK(starts_with(url, shop.s3.server().origin() + "/bucket/prefix/objects/sha256/"));
  CHECK(url.find("X-Amz-Expires=3600&") != std::string::npos);
  CHECK(url.find("secret") == std::string::npos);
  CHECK(got_by(url) == "the model");
  CHECK(shop.run({"link", "@latest", "--slot", "model", "--expires", "2d"})
            .find("X-Amz-Expires=172800&") != std::string::npos);
  CHECK(shop.run({"link", "data://acme/sentiment/model.bin"}).find("X-Amz-Expires=3600&") !=
        std::string::npos);
}

TEST_CASE("link: --json says of which slot it is, and until when it is good") {
  const Linked shop;
  const JsonNode record = parse_json(shop.run({"link", "acme/sentiment", "--json"}), "the record");
  std::string keys;
  for (const JsonMember& member : record.members) keys += member.key + " ";
  CHECK(keys == "schema url expires_at slot label sha256 size ");
  CHECK(record.find("schema")->text == "algoctl.link/v1");
  CHECK(got_by(record.find("url")->text) == "the model");
  CHECK(without_times(record.find("expires_at")->text) == "TIME");
  CHECK(record.find("slot")->text == "model");
  CHECK(record.find("label")->text == "model.bin");
  CHECK(record.find("sha256")->text == sha256_of("the model"));
  const JsonNode label =
      parse_json(shop.run({"link", "data://acme/sentiment/model.bin", "--json"}), "the record");
  CHECK(label.find("slot")->is(JsonNode::Type::null));
}

TEST_CASE("link: what everybody may read has a plain URL, which does not expire") {
  const Linked shop;
  const std::string endless =
      "algoctl: warning: --expires has no effect: the link is the plain URL, which does not "
      "expire\n";
  for (const std::string& store :
       {shop.s3.server().origin() + "/bucket/prefix", shop.s3.url() + "&credentials=none"}) {
    CAPTURE(store);
    const ProcessResult link =
        shop.call({"link", "acme/sentiment", "--store", store, "--expires", "1s", "--json"});
    CHECK(link.exit == 0);
    CHECK(link.err == endless);
    const JsonNode record = parse_json(link.out, "the record");
    CHECK(record.find("expires_at")->is(JsonNode::Type::null));
    const std::string& url = record.find("url")->text;
    CHECK(url.find('?') == std::string::npos);
    CHECK(got_by(url) == "the model");
    CHECK(shop.call({"link", "acme/sentiment", "--store", store}).err == "");
  }
}

TEST_CASE("link: it ends with the credentials that signed it, and that is said") {
  const Linked shop;
  const auto until = [&](std::int64_t end_ms, const std::string& expires) {
    shop.write("config", "[default]\ncredential_process = cat " + shop.work() + "/keys\n");
    shop.write("keys", R"({"Version":1,"AccessKeyId":"key","SecretAccessKey":"secret",)"
                       R"("SessionToken":"token","Expiration":")" +
                           format_time(end_ms) + "\"}");
    const ProcessResult link =
        shop.algoctl({"link", "acme/sentiment", "--expires", expires, "--json"},
                     {.env = {{"AWS_CONFIG_FILE", shop.work() + "/config"}}});
    CHECK(link.exit == 0);
    return std::pair(parse_json(link.out, "the record").find("expires_at")->text, link.err);
  };
  const std::int64_t in_an_hour = (system_now_ms() / 1000 + 3600) * 1000;
  const auto sooner = until(in_an_hour, "2h");
  CHECK(sooner.first == format_time(in_an_hour));
  CHECK(without_times(sooner.second) ==
        "algoctl: warning: the link expires at TIME, sooner than --expires says: the credentials "
        "that signed it end then\n");
  const auto in_time = until(in_an_hour, "30m");
  CHECK(in_time.second == "");
  CHECK(in_time.first < format_time(in_an_hour));
}

TEST_CASE("link: a store in a folder gives none") {
  const Shop shop;
  shop.answer({"init", "acme/sentiment"});
  shop.ship("m", "m");
  check_error(shop, {"link", "acme/sentiment"}, 2,
              "store file://" + shop.home() + "/store gives no links",
              "a store behind a server does: s3, gs, azure, https; `algoctl pull` prints paths");
}

TEST_CASE("link: one slot must be meant, its object be there, and its life be allowed") {
  Linked shop;
  const auto refused = [&](const Arguments& arguments) {
    const ProcessResult result = shop.call(arguments);
    CHECK(result.out == "");
    return std::to_string(result.exit) + " " + result.err;
  };
  CHECK(refused({"link", "acme/sentiment", "--expires", "8d"}) ==
        "2 " + error_text("a signed URL lives from one second to seven days, not 691200 seconds",
                          "give at most 7d"));
  CHECK(refused({"link", "acme/sentiment", "--expires", "0s"}) ==
        "2 " + error_text("a signed URL lives from one second to seven days, not 0 seconds",
                          "give at least 1s"));
  CHECK(refused({"link", "acme/sentiment", "--slot", "mode"}) ==
        "3 " + error_text("there is no slot 'mode'", "did you mean 'model'?"));
  CHECK(refused({"link", "data://acme/sentiment/model.bin", "--slot", "model"}) ==
        "2 " + error_text("a label has no slots: 'data://acme/sentiment/model.bin'",
                          "leave out --slot"));
  shop.write("words.txt", "the words");
  shop.run({"upload", "words=words.txt"});
  shop.run({"publish"});
  CHECK(refused({"link", "acme/sentiment"}) ==
        "2 " + error_text("a link leads to one file, but there are 2 slots",
                          "choose one with --slot"));
  const std::string hex = sha256_of("the model");
  shop.s3.remove("prefix/objects/sha256/" + hex.substr(0, 2) + "/" + hex);
  CHECK(refused({"link", "acme/sentiment@1.0.0"}) ==
        "5 " + error_text("the object of label 'model.bin' is not in the store: sha256:" + hex,
                          "upload the file again, or restore the store from a backup"));
}

}  // namespace algoctl::test
