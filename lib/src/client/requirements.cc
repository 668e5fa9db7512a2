#include "client/requirements.h"

#include "algoctl/error.h"
#include "base/text.h"
#include "client/explain.h"
#include "registry/notes.h"
#include "registry/versions.h"

namespace algoctl {
namespace {

/// The version's value of a key. Throws Error{check_failed} when it has none.
std::string value_of(Db& db, const AlgorithmRow& algorithm, const VersionInfo& version,
                     const std::string& key) {
  const auto notes = notes_of(db, algorithm, version);
  const auto found = notes.find(key);
  if (found != notes.end()) return found->second;
  std::vector<std::string> known;
  for (const auto& [name, value] : notes) known.push_back(name);
  const std::string reference = version.algorithm.str() + "@" + version.version.str();
  const std::string hint = did_you_mean(key, known);
  throw Error(
      Code::check_failed, reference + " has no metadata " + quoted(key),
      hint.empty() ? "add it with `algoctl annotate " + reference + " " + key + "=VALUE`" : hint);
}

void check(Db& db, const AlgorithmRow& algorithm, const VersionInfo& version,
           const Requirement& requirement) {
  const std::string left = value_of(db, algorithm, version, requirement.key);
  std::string right = requirement.value;
  std::string than = right;
  if (requirement.than) {
    const auto other = find_version(db, algorithm, *requirement.than, false);
    if (!other) throw no_such_version(db, algorithm, *requirement.than).within("--require");
    right = value_of(db, algorithm, *other, requirement.key);
    than = right + " (" + requirement.value + ", " + other->version.str() + ")";
  }
  const auto holds = compare_metadata(left, requirement.comparison, right);
  if (holds == true) return;
  throw Error(Code::check_failed,
              version.algorithm.str() + "@" + version.version.str() + " does not meet " +
                  quoted(requirement.key + requirement.symbol() + requirement.value) +
                  "\n  has:   " + left + "\n  needs: " + requirement.symbol() + " " + than,
              holds ? "" : "order is compared between numbers, and a number never equals a text");
}

}  // namespace

void check_requirements(Db& db, const AlgorithmRow& algorithm, const VersionInfo& version,
                        const std::vector<Requirement>& requirements) {
  for (const Requirement& requirement : requirements) check(db, algorithm, version, requirement);
}

}  // namespace algoctl
