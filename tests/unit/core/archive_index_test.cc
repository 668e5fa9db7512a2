#include "core/archive_index.h"

#include <doctest/doctest.h>

#include "core/archive_layout.h"
#include "support/shop.h"
#include "unit/core/failure.h"

namespace algoctl {
namespace {

using test::failure;

ArchiveIndex sample() {
  ArchiveIndex index;
  index.registry = "0123";
  index.algorithms.push_back({Algorithm::parse("acme/a"),
                              std::string(64, 'e'),
                              7,
                              {Version::parse("1.0.0"), Version::parse("1.1.0-rc.1+b")},
                              900,
                              Digest::of("history")});
  index.algorithms.push_back({Algorithm::parse("acme/b"), "", 0, {}, 0, Digest::of("")});
  index.manifests = {{Digest::of("m"), 300}, {Digest::of("n"), 301}};
  index.objects = {{Digest::of("o"), 0}, {Digest::of("p"), std::int64_t{9} << 30}};
  return index;
}

std::string parse(const std::string& text) {
  return failure([&] { ArchiveIndex::parse(text, "index"); });
}

}  // namespace

TEST_CASE("archive index: what is written is read again") {
  const std::string text = sample().text();
  CHECK(ArchiveIndex::parse(text, "index").text() == text);
  CHECK(ArchiveIndex().text() ==
        "{\"schema\":\"algoctl.archive/v1\",\n\"registry\":\"\",\n\"algorithms\":[],\n"
        "\"manifests\":{},\n\"objects\":{}}\n");
  CHECK(parse(ArchiveIndex().text()) == "nothing");
}

TEST_CASE("archive index: a newer one is named as such") {
  std::string text = sample().text();
  text.replace(text.find("/v1"), 3, "/v2");
  CHECK(parse(text) ==
        "storage: index:1:11: schema 'algoctl.archive/v2' is newer than this program | install a "
        "newer algoctl");
}

TEST_CASE("archive index: anything else than its one spelling is damage") {
  const std::string text = sample().text();
  CHECK(parse("") == "integrity: index:1:1: unexpected end of the text, expected a value");
  CHECK(parse("[]") == "integrity: index:1:1: the text must be an object, not an array");
  CHECK(parse(" " + text) == "integrity: index: not as algoctl writes it");
  const auto with = [&](const std::string& from, const std::string& to) {
    std::string changed = text;
    REQUIRE(changed.find(from) != std::string::npos);
    changed.replace(changed.find(from), from.size(), to);
    return parse(changed);
  };
  CHECK(with("archive/v1", "manifest/v1") ==
        "integrity: index:1:11: unknown schema 'algoctl.manifest/v1'");
  CHECK(with("\"registry\"", "\"x\":1,\"registry\"") ==
        "integrity: index: not as algoctl writes it");
  CHECK(with(":300", ":-1") == "integrity: index:8:68: not a size");
  CHECK(with(":300", ":3e2") == "integrity: index: not as algoctl writes it");
  CHECK(with(":300", ":\"300\"").find("must be a number, not a string") != std::string::npos);
  CHECK(with(":7,", ":99999999999999999999,") == "integrity: index:4:109: not a size");
  CHECK(with("acme/a", "../a") ==
        "integrity: malformed algorithm '../a': the owner may not start with '.'");
  CHECK(with("1.0.0", "1.0") != "nothing");
  CHECK(with("acme/a", "acme/c") == "integrity: index: the algorithms are not sorted");
  const std::string first = sample().manifests.begin()->first.hex();
  CHECK(with(first, "../" + first.substr(3)) ==
        "integrity: malformed digest '../" + first.substr(3) + "'");
  for (std::size_t i = 0; i < text.size(); ++i) {
    CHECK(parse(text.substr(0, i)) != "nothing");
  }
}

TEST_CASE("archive layout: everything has its place, in order and without a gap") {
  const ArchiveIndex index = sample();
  const ArchiveLayout layout(index, index.text());
  std::int64_t offset = 0;
  for (const ArchiveMember& member : layout.members()) {
    CHECK(member.offset == offset);
    offset = member.end();
  }
  CHECK(layout.size() == offset + 1024);
  CHECK(layout.members().size() == 2 + 2 + 2 + 2);
  CHECK(layout.digest() == Digest::of(index.text()));
  CHECK(layout.history(1).name == "history/2.jsonl");
  for (const auto& [digest, size] : index.objects) {
    CHECK(layout.object(digest)->name == "objects/sha256/" + digest.hex());
    CHECK(layout.object(digest)->size == size);
    CHECK(layout.manifest(digest) == nullptr);
  }
  CHECK(layout.manifest(Digest::of("m"))->size == 300);
  CHECK(layout.object(Digest::of("none")) == nullptr);
  CHECK(archive_checksum(layout.digest()) == layout.digest().hex() + "  algoctl-export.json\n");
}

TEST_CASE("archive layout: sizes that no file has are refused, not added up") {
  ArchiveIndex index = sample();
  index.objects = {{Digest::of("o"), INT64_MAX}};
  CHECK(failure([&] { ArchiveLayout(index, ""); }) ==
        "integrity: no file has so many bytes as the index announces");
  index.objects.clear();
  for (int i = 0; i < 20; ++i) {
    index.objects.emplace(Digest::of(std::to_string(i)), std::int64_t{1} << 60);
  }
  CHECK(failure([&] { ArchiveLayout(index, ""); }) ==
        "integrity: no file has so many bytes as the index announces");
}

}  // namespace algoctl
