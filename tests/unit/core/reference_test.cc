#include "algoctl/reference.h"

#include <doctest/doctest.h>

#include <string>

#include "unit/core/failure.h"

using algoctl::Algorithm;
using algoctl::Label;
using algoctl::Reference;
using algoctl::Selector;
using algoctl::Version;
using algoctl::test::failure;
using Kind = algoctl::Selector::Kind;

namespace {

const std::string kReferenceHint =
    " | write owner/name, owner/name@SELECTOR or data://owner/name/LABEL, such as "
    "acme/sentiment@^1.2";

}  // namespace

TEST_CASE("reference: each form") {
  const std::string digest = "sha256:" + std::string(64, '0');
  struct Case {
    std::string text, algorithm, selector;
    Kind kind;
    bool has_selector;
    std::string printed;
  };
  for (const Case& c : {
           Case{"acme/x", "acme/x", "latest", Kind::latest, false, "acme/x"},
           Case{"acme/x@latest", "acme/x", "latest", Kind::latest, true, "acme/x@latest"},
           Case{"acme/x@1.2.3", "acme/x", "1.2.3", Kind::exact, true, "acme/x@1.2.3"},
           Case{"acme/x@^1.2", "acme/x", "^1.2", Kind::range, true, "acme/x@^1.2"},
           Case{"acme/x@ >=1 <2 ", "acme/x", ">=1 <2", Kind::range, true, "acme/x@>=1 <2"},
           Case{"acme/x@stable", "acme/x", "stable", Kind::channel, true, "acme/x@stable"},
           Case{"acme/x@" + digest, "acme/x", digest, Kind::digest, true, "acme/x@" + digest},
           Case{"acme/x/1.2.*", "acme/x", "1.2.*", Kind::range, true, "acme/x@1.2.*"},
           Case{"acme/x/1.2.3", "acme/x", "1.2.3", Kind::exact, true, "acme/x@1.2.3"},
           Case{"acme/x/latest", "acme/x", "latest", Kind::latest, true, "acme/x@latest"},
           Case{"algo://acme/x", "acme/x", "latest", Kind::latest, false, "acme/x"},
           Case{"algo://acme/x/1.2.3", "acme/x", "1.2.3", Kind::exact, true, "acme/x@1.2.3"},
           Case{"algo://acme/x/stable", "acme/x", "stable", Kind::channel, true, "acme/x@stable"},
           Case{"algo://acme/x@1", "acme/x", "1", Kind::range, true, "acme/x@1"},
           Case{"@^1.2", "own/one", "^1.2", Kind::range, true, "own/one@^1.2"},
           Case{"@latest", "own/one", "latest", Kind::latest, true, "own/one@latest"},
       }) {
    CAPTURE(c.text);
    const Reference reference = Reference::parse(c.text, Algorithm::parse("own/one"));
    CHECK(reference.algorithm().str() == c.algorithm);
    CHECK(reference.selector().str() == c.selector);
    CHECK(reference.selector().kind() == c.kind);
    CHECK(reference.has_selector() == c.has_selector);
    CHECK_FALSE(reference.label().has_value());
    CHECK(reference.str() == c.printed);
    CHECK(Reference::parse(reference.str()).str() == c.printed);
  }
}

TEST_CASE("reference: a label's address") {
  const Reference reference = Reference::parse("data://acme/x/tokenizer/vocab.json");
  CHECK(reference.algorithm().str() == "acme/x");
  REQUIRE(reference.label().has_value());
  CHECK(reference.label()->str() == "tokenizer/vocab.json");
  CHECK_FALSE(reference.has_selector());
  CHECK(reference.str() == "data://acme/x/tokenizer/vocab.json");
  CHECK(algoctl::data_uri(reference.algorithm(), *reference.label()) == reference.str());
}

TEST_CASE("reference: from values") {
  const Algorithm algorithm = Algorithm::parse("acme/x");
  CHECK(Reference(algorithm).str() == "acme/x");
  CHECK_FALSE(Reference(algorithm).has_selector());
  CHECK(Reference(algorithm, Selector::parse("^1")).str() == "acme/x@^1");
  CHECK(Reference(algorithm, Selector::parse("^1")).has_selector());
  CHECK(Reference(algorithm, Label::parse("a.pkl")).str() == "data://acme/x/a.pkl");
}

TEST_CASE("reference: the whole text of each refusal") {
  const std::string empty =
      " | leave out what follows the name for the latest release, or write @latest";
  struct Case {
    std::string text, want;
  };
  for (const Case& c : {
           Case{"acme/x@", "reference 'acme/x@' has an empty selector" + empty},
           Case{"acme/x@ ", "reference 'acme/x@ ' has an empty selector" + empty},
           Case{"acme/x/", "reference 'acme/x/' has an empty selector" + empty},
           Case{"algo://acme/x/", "reference 'algo://acme/x/' has an empty selector" + empty},
           Case{"@^1.2",
                "reference '@^1.2' names no algorithm | write owner/name before the @, or run this "
                "in the folder of an algorithm"},
           Case{"data://acme/x", "malformed reference 'data://acme/x'" + kReferenceHint},
           Case{"data://acme", "malformed reference 'data://acme'" + kReferenceHint},
           Case{"data://", "malformed reference 'data://'" + kReferenceHint},
           Case{"s3://me:secret@bucket/x", "no reference starts with 's3://'" + kReferenceHint},
           Case{"acme", "malformed algorithm 'acme' | write owner/name, such as acme/sentiment"},
           Case{"acme@1", "malformed algorithm 'acme' | write owner/name, such as acme/sentiment"},
           Case{"", "malformed algorithm '' | write owner/name, such as acme/sentiment"},
           Case{"algo://", "malformed algorithm '' | write owner/name, such as acme/sentiment"},
       }) {
    CHECK(failure([&] { Reference::parse(c.text); }) == "usage: " + c.want);
  }
  CHECK(failure([] { Reference::parse("@", Algorithm::parse("own/one")); }) ==
        "usage: reference '@' has an empty selector" + empty);
}

TEST_CASE("reference: what is none") {
  for (const std::string text : {"acme/x@1@2",
                                 "acme/x/1.2.3@2",
                                 "acme/x/1/2",
                                 "acme/x@1/2",
                                 "acme/x@Stable",
                                 "/x@1",
                                 "acme/@1",
                                 "Acme/x",
                                 "acme/x%401",
                                 "acme%2fx",
                                 "acme/x@%5e1",
                                 "data://acme/x/",
                                 "data://acme/x/../y",
                                 "data://acme/x//y",
                                 "data://acme/x/%2e%2e/y",
                                 "data://acme/x/a@1",
                                 "data:///x/y",
                                 "data://Acme/x/y",
                                 "DATA://acme/x/y",
                                 "data:/acme/x/y",
                                 "algo:/acme/x",
                                 "algo://@1",
                                 "algo:///x",
                                 "acme /x",
                                 " acme/x",
                                 "acme/x ",
                                 "acme/x\n",
                                 "../x",
                                 "acme/..",
                                 "acme/x@sha256:12",
                                 "acme/x@1.2.3 ||",
                                 "file:///etc/passwd",
                                 "-acme/x",
                                 "--help",
                                 "acme/x#1",
                                 "acme/x:1",
                                 "acme\\x"}) {
    CAPTURE(text);
    CHECK(failure([&] {
            Reference::parse(text, Algorithm::parse("own/one"));
          }).rfind("usage: ", 0) == 0);
  }
}
