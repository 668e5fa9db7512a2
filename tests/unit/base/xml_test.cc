#include "base/xml.h"

#include <doctest/doctest.h>

namespace algoctl {

TEST_CASE("xml: a list as servers send it") {
  const auto root = parse_xml(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
      "<Contents><Key>a&amp;b</Key><Size>3</Size></Contents>"
      "<Contents><Key>c</Key><Size>4</Size></Contents>"
      "<IsTruncated>false</IsTruncated></ListBucketResult>");
  REQUIRE(root);
  CHECK(root->name == "ListBucketResult");
  REQUIRE(root->children.size() == 3);
  CHECK(root->children[0].value("Key") == "a&b");
  CHECK(root->children[1].value("Size") == "4");
  CHECK(root->value("IsTruncated") == "false");
  CHECK(root->find("NextContinuationToken") == nullptr);
  CHECK(root->value("NextContinuationToken").empty());
}

TEST_CASE("xml: a prefix of a name space is not part of a name") {
  const auto root =
      parse_xml("<s3:Error xmlns:s3=\"urn:x\"><s3:Code>NoSuchKey</s3:Code></s3:Error>");
  REQUIRE(root);
  CHECK(root->name == "Error");
  CHECK(root->value("Code") == "NoSuchKey");
}

TEST_CASE("xml: what is not one well-formed document is nothing") {
  for (const char* text :
       {"", "plain", "<a>", "<a></b>", "<a/><b/>", "<a>\xff</a>", "<a>&unknown;</a>", "<a b=1/>"}) {
    CAPTURE(text);
    CHECK(!parse_xml(text));
  }
}

TEST_CASE("xml: entities of its own make a document suspect") {
  CHECK(!parse_xml("<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>"));
}

TEST_CASE("xml: 32 levels are enough for anybody") {
  const auto nested = [](int levels) {
    std::string text;
    for (int i = 0; i < levels; ++i) text += "<a>";
    for (int i = 0; i < levels; ++i) text += "</a>";
    return parse_xml(text).has_value();
  };
  CHECK(nested(32));
  CHECK(!nested(34));
  CHECK(!nested(100'000));
}

TEST_CASE("xml: 300,000 elements are enough for anybody") {
  const auto wide = [](int children) {
    std::string text = "<a>";
    for (int i = 0; i < children; ++i) text += "<b/>";
    return parse_xml(text + "</a>").has_value();
  };
  CHECK(wide(299'999));
  CHECK(!wide(300'000));
}

TEST_CASE("xml: what is escaped reads back as it was") {
  const std::string text = "a<b>&\"c'";
  const auto root = parse_xml("<t>" + xml_escaped(text) + "</t>");
  REQUIRE(root);
  CHECK(root->text == text);
}

}  // namespace algoctl
