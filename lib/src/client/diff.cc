#include "algoctl/client.h"
#include "client/state.h"

namespace algoctl {
namespace {

using Fields = std::map<std::string, std::string>;

/// What two versions are compared by.
Fields fields_of(Client& client, const VersionInfo& version) {
  Fields fields;
  for (const ModelFile& model : client.manifest(version.manifest_sha256).models) {
    const std::string prefix = "models." + model.slot.str() + ".";
    fields.emplace(prefix + "uri", model.uri());
    fields.emplace(prefix + "sha256", model.sha256.hex());
    fields.emplace(prefix + "size", std::to_string(model.size));
  }
  for (const auto& [key, value] : client.metadata(version)) fields.emplace("meta." + key, value);
  return fields;
}

std::string value_in(const Fields& fields, const std::string& field) {
  const auto found = fields.find(field);
  return found == fields.end() ? "" : found->second;
}

}  // namespace

std::vector<Difference> Client::diff(const VersionInfo& left, const VersionInfo& right) {
  const Fields before = fields_of(*this, left);
  const Fields after = fields_of(*this, right);
  Fields all = before;
  all.insert(after.begin(), after.end());
  std::vector<Difference> differences;
  for (const auto& [field, value] : all) {
    const std::string old_value = value_in(before, field);
    const std::string new_value = value_in(after, field);
    if (old_value != new_value) differences.push_back({field, old_value, new_value});
  }
  return differences;
}

}  // namespace algoctl
