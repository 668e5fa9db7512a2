#include "core/archive_lines.h"

#include <optional>

#include "algoctl/error.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/text.h"
#include "core/json_fields.h"

namespace algoctl {
namespace {

using Type = JsonNode::Type;

constexpr std::int64_t kYear10000 = 253402300800000;

/// A registry's text may be any bytes; those that are not UTF-8 become `{"hex":"…"}`.
Json exact(const std::string& text) {
  if (is_utf8(text)) return text;
  return Json::object().set("hex", to_hex(text));
}

std::string from_hex(std::string_view hex) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    const auto high = kDigits.find(hex[i]);
    const auto low = kDigits.find(hex[i + 1]);
    if (high == std::string_view::npos || low == std::string_view::npos) break;
    bytes += static_cast<char>(static_cast<unsigned char>(high * 16 + low));
  }
  return bytes;
}

/// The typed values of one line.
class LineFields {
 public:
  LineFields(std::string_view text, std::string_view where) : fields_(text, where) {}

  [[nodiscard]] std::string text(std::string_view key) const { return text(fields_.root(), key); }

  [[nodiscard]] std::string text(const JsonNode& object, std::string_view key) const {
    const JsonNode* node = object.find(key);
    if (node == nullptr || !node->is(Type::object)) {
      return fields_.require(object, key, Type::string).text;
    }
    const std::string& hex = fields_.require(*node, "hex", Type::string).text;
    std::string bytes = from_hex(hex);
    if (to_hex(bytes) != hex) fields_.refuse(node->begin, "malformed hexadecimal digits");
    return bytes;
  }

  [[nodiscard]] std::int64_t number(std::string_view key) const {
    const JsonNode& node = fields_.require(fields_.root(), key, Type::number);
    const auto value = node.integer();
    if (!value || *value < 0) fields_.refuse(node.begin, quoted(key) + " is out of range");
    return *value;
  }

  [[nodiscard]] std::int64_t time(std::string_view key) const {
    const std::int64_t value = number(key);
    if (value >= kYear10000) fields_.refuse(0, quoted(key) + " is out of range");
    return value;
  }

  [[nodiscard]] const JsonNode* member(std::string_view key) const {
    return fields_.root().find(key);
  }

  [[nodiscard]] const JsonNode& object(std::string_view key) const {
    return fields_.require(fields_.root(), key, Type::object);
  }

 private:
  JsonFields fields_;
};

Provenance provenance_of(const LineFields& line) {
  const JsonNode& git = line.object("git");
  Provenance from{line.text(git, "commit"), line.text(git, "remote"), std::nullopt};
  const JsonNode* dirty = git.find("dirty");
  if (dirty != nullptr && dirty->is(Type::boolean)) from.dirty = dirty->text == "true";
  return from;
}

template <typename Read>
auto reading(Read read) {
  try {
    return read();
  } catch (const Error& error) {
    throw Error(Code::integrity, error.message());
  }
}

}  // namespace

std::string version_line(const VersionInfo& version) {
  std::optional<std::string> previous;
  if (version.previous) previous = version.previous->str();
  return Json::object()
      .set("version", version.version.str())
      .set("seq", version.sequence)
      .set("manifest", version.manifest_sha256.hex())
      .set("previous", Json(previous))
      .set("published_at", version.published_at)
      .set("published_by", exact(version.published_by))
      .set("notes", exact(version.notes))
      .set("git", Json::object()
                      .set("commit", exact(version.provenance.commit))
                      .set("remote", exact(version.provenance.remote))
                      .set("dirty", Json(version.provenance.dirty)))
      .set("record", version.record.hex())
      .dump();
}

VersionInfo read_version_line(std::string_view text, const Algorithm& algorithm,
                              const std::string& where) {
  return reading([&] {
    const LineFields line(text, where);
    std::optional<Version> previous;
    const JsonNode* before = line.member("previous");
    if (before != nullptr && before->is(Type::string)) previous = Version::parse(before->text);
    return VersionInfo{algorithm,
                       Version::parse(line.text("version")),
                       line.number("seq"),
                       Digest::parse(line.text("manifest")),
                       previous,
                       line.time("published_at"),
                       line.text("published_by"),
                       line.text("notes"),
                       provenance_of(line),
                       Digest::parse(line.text("record")),
                       std::nullopt};
  });
}

std::string event_line(const JournalRow& row) {
  return Json::object()
      .set("seq", row.seq)
      .set("at", row.at)
      .set("who", exact(row.who))
      .set("event", exact(row.event))
      .set("version", exact(row.version))
      .set("name", exact(row.name))
      .set("old", exact(row.old_value))
      .set("new", exact(row.new_value))
      .set("why", exact(row.why))
      .set("record", row.record)
      .set("digest", row.digest)
      .set("origin", row.origin)
      .set("origin_at", row.origin_at)
      .dump();
}

JournalRow read_event_line(std::string_view text, const std::string& where) {
  return reading([&] {
    const LineFields line(text, where);
    return JournalRow{line.number("seq"),    line.time("at"),      line.text("who"),
                      line.text("event"),    line.text("version"), line.text("name"),
                      line.text("old"),      line.text("new"),     line.text("why"),
                      line.text("record"),   line.text("digest"),  line.text("origin"),
                      line.time("origin_at")};
  });
}

}  // namespace algoctl
