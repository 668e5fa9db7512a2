#include "core/mlflow_model.h"

#include "algoctl/error.h"
#include "base/text.h"
#include "base/yaml.h"

namespace algoctl {
namespace {

using Type = JsonNode::Type;

constexpr const char* kKept[] = {"run_id",           "model_uuid",    "mlflow_version",
                                 "utc_time_created", "artifact_path", "metadata",
                                 "signature"};

/// The flavor that every MLflow model has which can be loaded without knowing what it is.
constexpr const char* kGeneric = "python_function";
constexpr const char* kGenericKept[] = {"loader_module", "python_version"};
constexpr const char* kGenericPaths[] = {"model_path", "data"};

class MlflowReader {
 public:
  MlflowReader(std::string_view text, std::string_view where)
      : text_(text), where_(where), root_(parse_yaml(text, where)) {}

  MlflowModel read() {
    if (!root_.is(Type::object)) refuse(root_.begin, "an MLmodel must be a mapping");
    const JsonNode* flavors = root_.find("flavors");
    if (flavors == nullptr) refuse(root_.begin, "'flavors' is missing");
    if (!flavors->is(Type::object) || flavors->members.empty()) {
      refuse(flavors->begin, "'flavors' must be a mapping with at least one flavor");
    }
    for (const char* key : kKept) {
      if (const JsonNode* value = root_.find(key)) keep(key, *value);
    }
    std::vector<std::string> names;
    for (const JsonMember& flavor : flavors->members) names.push_back(flavor.key);
    JsonNode joined;
    joined.type = Type::string;
    joined.begin = flavors->begin;
    joined.text = join(names, ",");
    keep("flavors", joined);
    if (const JsonNode* generic = flavors->find(kGeneric)) read_generic(*generic);
    return std::move(model_);
  }

 private:
  [[noreturn]] void refuse(std::size_t offset, const std::string& what,
                           const std::string& hint = {}) const {
    throw Error(Code::usage, json_place(text_, offset, where_) + ": " + what, hint);
  }

  void keep(const std::string& key, const JsonNode& value) {
    try {
      model_.metadata.add("mlflow." + key, value);
    } catch (const Error& error) {
      refuse(value.begin, error.message(), error.hint());
    }
  }

  void read_generic(const JsonNode& flavor) {
    for (const char* key : kGenericKept) {
      if (const JsonNode* value = flavor.find(key)) keep(std::string(kGeneric) + "." + key, *value);
    }
    for (const char* key : kGenericPaths) {
      const JsonNode* value = flavor.find(key);
      if (value == nullptr || !value->is(Type::string)) continue;
      if (value->text.find("://") == std::string::npos) model_.files.push_back(value->text);
    }
  }

  std::string_view text_;
  std::string_view where_;
  JsonNode root_;
  MlflowModel model_;
};

}  // namespace

MlflowModel read_mlflow_model(std::string_view text, std::string_view where) {
  return MlflowReader(text, where).read();
}

}  // namespace algoctl
