#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "algoctl/error.h"
#include "base/json.h"
#include "core/manifest_text.h"
#include "core/splice.h"
#include "core/splice_check.h"
#include "unit/core/splice_cases.h"

using namespace algoctl;
using namespace algoctl::test;

namespace {

/// Random manifests in random formatting. Seeded: every run tries the same ones.
class Generator {
 public:
  explicit Generator(unsigned seed) : random_(seed) {}

  std::size_t below(std::size_t count) { return random_() % count; }
  bool chance() { return below(2) == 0; }

  std::string manifest() {
    eol_ = chance() ? "\n" : "\r\n";
    std::vector<std::string> members = {key("schema") + "\"algoctl.manifest\\u002fv1\"",
                                        key("name") + "\"a/b\""};
    if (chance()) members.push_back(key("version") + "\"1.2.3\"");
    if (below(5) != 0) members.push_back(key("models") + models());
    for (std::size_t i = below(3); i > 0; --i) {
      members.push_back(key("x" + std::to_string(i)) + value(0));
    }
    std::shuffle(members.begin(), members.end(), random_);
    return blank() + object(members) + blank();
  }

  ManifestEdit edit() {
    ManifestEdit edit;
    if (chance()) edit.version = Version::parse(chance() ? "1.2.3" : "1.3.0-rc.1");
    for (const char* slot : {"model", "s1", "s2/t", "new", "new.2"}) {
      if (chance())
        edit.models.push_back(new_model(slot, chance() ? "l" : "m.pkl", chance() ? kA : kB));
    }
    return edit;
  }

 private:
  std::string blank() {
    std::string out;
    for (std::size_t i = below(4) == 0 ? below(4) : 0; i > 0; --i) {
      out += below(3) == 0 ? eol_ : std::string(1, " \t"[below(2)]);
    }
    return out;
  }

  std::string key(const std::string& text) {
    return "\"" + (below(6) == 0 ? "\\u00" + hex(text[0]) + text.substr(1) : text) + "\"" +
           blank() + ":" + blank();
  }

  static std::string hex(char c) {
    const char* const digits = "0123456789abcdef";
    return {digits[c / 16], digits[c % 16]};
  }

  std::string object(const std::vector<std::string>& members) {
    std::string out = "{" + blank();
    for (std::size_t i = 0; i < members.size(); ++i) {
      out += (i ? "," + blank() : "") + members[i] + blank();
    }
    return out + "}";
  }

  std::string models() {
    std::vector<std::string> slots;
    for (const char* slot : {"model", "s1", "s2/t", "other"}) {
      if (chance()) slots.push_back(key(slot) + this->slot());
    }
    return object(slots);
  }

  std::string slot() {
    std::vector<std::string> members;
    if (chance()) members.push_back(key("uri") + (chance() ? "\"data://a/b/l\"" : value(2)));
    if (chance()) members.push_back(key("sha256") + "\"" + (chance() ? kA : "old") + "\"");
    if (chance()) members.push_back(key("size") + (chance() ? "7.0" : value(2)));
    if (chance()) members.push_back(key("note") + value(1));
    std::shuffle(members.begin(), members.end(), random_);
    return object(members);
  }

  std::string value(int depth) {
    const std::vector<std::string> plain = {"1.10", "true", "null", "\"}\\\"{,:\"", "-0",
                                            "1e5",  "{}",   "[ ]",  "\"\xC3\xA9\""};
    if (depth >= 2 || chance()) return plain[below(plain.size())];
    if (chance()) return "[" + blank() + value(depth + 1) + blank() + "," + value(depth + 1) + "]";
    return object({key("uri") + value(depth + 1), key("version") + value(depth + 1)});
  }

  std::mt19937 random_;
  std::string eol_;
};

/// The text without the bytes that an edit may change or insert.
std::string without_planned(const std::string& text, const ManifestEdit& edit) {
  std::string essence = manifest_essence(text, "f");
  const JsonNode root = parse_json(essence, "f");
  const JsonNode* const models = root.find("models");
  if (!models) return essence;
  std::string out = essence.substr(0, models->begin);
  for (const auto& slot : models->members) {
    const bool edited =
        std::any_of(edit.models.begin(), edit.models.end(),
                    [&](const ModelFile& one) { return one.slot.str() == slot.key; });
    for (const auto& field : slot.value.members) {
      if (edited && (field.key == "sha256" || field.key == "size")) continue;
      out += slot.key + "." + field.key + "=" +
             essence.substr(field.value.begin, field.value.end - field.value.begin) + "\n";
    }
  }
  return out + essence.substr(models->end);
}

}  // namespace

TEST_CASE("splice: random manifests change at the planned places alone, and only once") {
  for (unsigned seed = 0; seed < 3000; ++seed) {
    Generator generator(seed);
    const std::string before = generator.manifest();
    const ManifestEdit edit = generator.edit();
    CAPTURE(seed);
    CAPTURE(before);
    const std::string after = splice_manifest(before, edit, "f");
    const std::string again = splice_manifest(after, edit, "f");
    REQUIRE(again == after);

    const JsonNode root = parse_json(after, "f");
    if (edit.version) REQUIRE(root.find("version")->text == edit.version->str());
    for (const ModelFile& one : edit.models) {
      const JsonNode* const slot = root.find("models")->find(one.slot.str());
      REQUIRE(slot->find("uri")->text == one.uri());
      REQUIRE(slot->find("sha256")->text == one.sha256.hex());
      REQUIRE(slot->find("size")->integer() == one.size);
    }
    std::string old_rest = without_planned(before, edit);
    std::string new_rest = without_planned(after, edit);
    if (!parse_json(before, "f").find("models") && !edit.models.empty()) {
      new_rest = replace_all(new_rest, "\"models\":,", "");  // inserted, without other fields
    }
    REQUIRE(old_rest == new_rest);
    const bool crlf = before.find("\r\n") != std::string::npos;
    if (crlf) REQUIRE(replace_all(after, "\r\n", "").find('\n') == std::string::npos);
    if (!crlf) REQUIRE(after.find('\r') == std::string::npos);
  }
}
