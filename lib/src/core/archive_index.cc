#include "core/archive_index.h"

#include "algoctl/error.h"
#include "base/json.h"
#include "base/text.h"
#include "core/json_fields.h"

namespace algoctl {
namespace {

using Type = JsonNode::Type;

std::string in_json(const std::string& text) { return Json(text).dump(); }

std::string algorithm_text(const ArchivedAlgorithm& algorithm) {
  std::string text = R"({"name":")" + algorithm.name.str() + R"(","journal_head":")" +
                     algorithm.journal_head + R"(","events":)" + std::to_string(algorithm.events) +
                     R"(,"history":{"size":)" + std::to_string(algorithm.history_size) +
                     R"(,"sha256":")" + algorithm.history.hex() + R"("},"versions":[)";
  for (std::size_t i = 0; i < algorithm.versions.size(); ++i) {
    text += (i == 0 ? "" : ",") + in_json(algorithm.versions[i].str());
  }
  return text + "]}";
}

/// One member a line, for people who look into the file.
std::string sizes_text(const std::map<Digest, std::int64_t>& sizes) {
  std::string text = "{";
  for (const auto& [digest, size] : sizes) {
    text += (text.size() == 1 ? "\n\"" : ",\n\"") + digest.hex() + "\":" + std::to_string(size);
  }
  return text + "}";
}

class IndexReader {
 public:
  IndexReader(std::string_view bytes, std::string_view where)
      : fields_(bytes, where,
                {static_cast<std::size_t>(kLargestIndex), JsonLimits{}.depth, kMostIndexValues}) {}

  ArchiveIndex read() {
    fields_.require_schema("algoctl.archive", Code::storage);
    const JsonNode& root = fields_.root();
    ArchiveIndex index;
    index.registry = string(root, "registry");
    for (const JsonNode& item : fields_.require(root, "algorithms", Type::array).items) {
      index.algorithms.push_back(algorithm(item));
    }
    index.manifests = sizes(fields_.require(root, "manifests", Type::object));
    index.objects = sizes(fields_.require(root, "objects", Type::object));
    return index;
  }

 private:
  std::string string(const JsonNode& object, std::string_view key) const {
    return fields_.require(object, key, Type::string).text;
  }

  std::int64_t count(const JsonNode& object, std::string_view key) const {
    return size(fields_.require(object, key, Type::number));
  }

  [[nodiscard]] std::int64_t size(const JsonNode& node) const {
    const auto value = node.integer();
    if (!value || *value < 0) fields_.refuse(node.begin, "not a size");
    return *value;
  }

  ArchivedAlgorithm algorithm(const JsonNode& object) const {
    fields_.require_type(object, Type::object, "an algorithm");
    const JsonNode& history = fields_.require(object, "history", Type::object);
    ArchivedAlgorithm read{Algorithm::parse(string(object, "name")),
                           string(object, "journal_head"),
                           count(object, "events"),
                           {},
                           count(history, "size"),
                           Digest::parse(string(history, "sha256"))};
    if (!read.journal_head.empty()) static_cast<void>(Digest::parse(read.journal_head));
    for (const JsonNode& item : fields_.require(object, "versions", Type::array).items) {
      fields_.require_type(item, Type::string, "a version");
      read.versions.push_back(Version::parse(item.text));
    }
    return read;
  }

  [[nodiscard]] std::map<Digest, std::int64_t> sizes(const JsonNode& object) const {
    std::map<Digest, std::int64_t> read;
    for (const JsonMember& member : object.members) {
      fields_.require_type(member.value, Type::number, quoted(member.key));
      read.emplace_hint(read.end(), Digest::parse(member.key), size(member.value));
    }
    return read;
  }

  JsonFields fields_;
};

}  // namespace

std::string ArchiveIndex::text() const {
  std::string text = "{\"schema\":\"algoctl.archive/v1\",\n\"registry\":" + in_json(registry) +
                     ",\n\"algorithms\":[";
  for (std::size_t i = 0; i < algorithms.size(); ++i) {
    text += (i == 0 ? "\n" : ",\n") + algorithm_text(algorithms[i]);
  }
  return text + "],\n\"manifests\":" + sizes_text(manifests) +
         ",\n\"objects\":" + sizes_text(objects) + "}\n";
}

ArchiveIndex ArchiveIndex::parse(std::string_view bytes, const std::string& where) {
  ArchiveIndex index;
  try {
    index = IndexReader(bytes, where).read();
    for (std::size_t i = 1; i < index.algorithms.size(); ++i) {
      if (!(index.algorithms[i - 1].name < index.algorithms[i].name)) {
        throw Error(Code::integrity, where + ": the algorithms are not sorted");
      }
    }
  } catch (const Error& error) {
    if (error.code() == Code::storage) throw;
    throw Error(Code::integrity, error.message());
  }
  // Whatever else may be said in JSON, this program would not have written it.
  if (index.text() != bytes) throw Error(Code::integrity, where + ": not as algoctl writes it");
  return index;
}

}  // namespace algoctl
