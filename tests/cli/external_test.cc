#include <doctest/doctest.h>

#include "support/played_s3.h"
#include "support/scripted_server.h"
#include "support/shop.h"

namespace algoctl::test {
namespace {

/// A shop beside a web server that shows `/models/m.pkl`.
struct Beside : Shop {
  Beside() {
    answer({"init", "acme/sentiment"});
    show("january");
  }
  void show(const std::string& bytes, int status = 200) {
    web.always([=](const SeenRequest&) {
      ScriptedAnswer answer;
      answer.status = status;
      answer.body = bytes;
      return answer;
    });
  }
  [[nodiscard]] std::string url() const { return web.origin() + "/models/m.pkl"; }

  ScriptedServer web;
};

const std::string kMend =
    "bring those bytes back, or upload a copy of them from anywhere: the same bytes mend it";

}  // namespace

TEST_CASE("external: upload in place, publish with leave, pull") {
  const Beside shop;
  const auto uploaded = shop.algoctl({"upload", shop.url(), "--json"});
  CHECK(uploaded.exit == 0);
  CHECK(uploaded.err == "");
  CHECK(uploaded.out ==
        filled(R"({"schema":"algoctl.upload/v1","files":[{"slot":"model",)"
               R"("uri":"data://acme/sentiment/m.pkl","label":"m.pkl","sha256":"SHA","size":7,)"
               R"("stored":false,"external":"URL"}],"manifest":"WORK/algorithm.json"})"
               "\n",
               {{"SHA", sha256_of("january")}, {"URL", shop.url()}, {"WORK", shop.work()}}));
  check_error(shop, {"publish"}, 4,
              "slot 'model' stays at " + shop.url() + ", where others may change or remove it",
              "allow it with --allow-external, or store the bytes: `algoctl upload --copy URL`");
  const auto published = shop.algoctl({"publish", "--allow-external"});
  CHECK(published.exit == 0);
  CHECK(published.out == "1.0.0\n");
  CHECK(published.err == "algoctl: warning: slot 'model' stays at " + shop.url() +
                             ": that this version never changes rests on whoever owns that "
                             "place\nalgoctl: published acme/sentiment@1.0.0\n");
  CHECK(read(shop.answer({"pull", "acme/sentiment"})) == "january");
  CHECK(shop.answer({"verify"}) == "");
}

TEST_CASE("external: there is no link to what stays outside") {
  const Beside shop;
  shop.answer({"upload", shop.url()});
  check_error(shop, {"link", "data://acme/sentiment/m.pkl"}, 2,
              "the bytes of label 'm.pkl' stay at " + shop.url() + ", for which there is no link",
              "link to them there, or store them first: `algoctl upload --copy URL`");
}

TEST_CASE("external: pull finds other bytes, and no bytes, and ends with 5") {
  Beside shop;
  shop.answer({"upload", shop.url()});
  shop.answer({"publish", "--allow-external"});
  shop.show("february");
  check_error(shop, {"pull", "acme/sentiment"}, 5,
              "label 'm.pkl': " + shop.url() + " holds other bytes than were recorded\n" +
                  "  recorded: sha256:" + sha256_of("january") +
                  "\n  now:      sha256:" + sha256_of("february"),
              kMend);
  shop.show("", 404);
  check_error(shop, {"pull", "acme/sentiment"}, 5,
              "label 'm.pkl': " + shop.url() +
                  " is not there any more: it held sha256:" + sha256_of("january"),
              kMend);
  CHECK(shop.algoctl({"verify"}).exit == 5);
}

TEST_CASE("external: --copy stores the bytes, and nobody else is asked any more") {
  Beside shop;
  const auto copied = shop.algoctl({"upload", shop.url(), "--copy", "--as", "copy.pkl"});
  CHECK(copied.out == "data://acme/sentiment/copy.pkl\n");
  shop.show("", 404);
  CHECK(shop.algoctl({"publish"}).err == "algoctl: published acme/sentiment@1.0.0\n");
  CHECK(read(shop.answer({"pull", "acme/sentiment"})) == "january");
}

TEST_CASE("external: what is no object's URL, or may hold a secret, is refused unread") {
  const Beside shop;
  check_error(shop, {"upload", shop.url() + "?X-Amz-Signature=abc"}, 2,
              "the object's URL 'http://…' holds a query, which may be a signature",
              "leave it out: what is recorded opens the object for everybody, and is no secret");
  check_error(shop, {"upload", "s3://bucket"}, 2, "the object's URL 's3://…' names no object",
              "write s3://NAME/KEY; what is in a folder is uploaded object by object");
  CHECK(shop.web.requests().empty());
}

TEST_CASE("external: an object that is not there is not found, a bucket is asked with its key") {
  const Shop shop;
  PlayedS3 s3;
  shop.answer({"init", "acme/sentiment"});
  s3.set("models/m.pkl", "january");
  const std::string rest = "?credentials=none&endpoint=" + s3.server().origin();
  check_error(shop, {"upload", "model=s3://bucket/models/none.pkl" + rest}, 3,
              "there is no object s3://bucket/models/none.pkl" + rest,
              "look at the URL and its endpoint");
  CHECK(shop.answer({"upload", "model=s3://bucket/models/m.pkl" + rest}) ==
        "data://acme/sentiment/m.pkl");
  CHECK(shop.answer({"publish", "--allow-external"}) == "1.0.0");
  CHECK(read(shop.answer({"pull", "acme/sentiment"})) == "january");
  CHECK(s3.objects().size() == 1);
}

}  // namespace algoctl::test
