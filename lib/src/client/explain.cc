#include "client/explain.h"

#include "base/text.h"
#include "registry/labels.h"
#include "registry/notes.h"
#include "registry/versions.h"

namespace algoctl {
namespace {

/// `did you mean 'x'?`, or `otherwise` when nothing is near.
std::string nearest_or(std::string_view wanted, const std::vector<std::string>& known,
                       const std::string& otherwise) {
  const std::string hint = did_you_mean(wanted, known);
  return hint.empty() ? otherwise : hint;
}

}  // namespace

Error no_such_algorithm(Db& db, const Algorithm& algorithm) {
  std::vector<std::string> known;
  for (const Algorithm& name : algorithm_names(db)) known.push_back(name.str());
  return {Code::not_found, "there is no algorithm " + quoted(algorithm.str()),
          nearest_or(algorithm.str(), known,
                     known.empty() ? "the registry is empty; start with `algoctl init`"
                                   : "`algoctl list` shows what is there")};
}

Error no_such_label(Db& db, const AlgorithmRow& algorithm, const Label& label) {
  std::vector<std::string> known;
  for (const LabelInfo& info : labels_of(db, algorithm)) known.push_back(info.label.str());
  return {Code::not_found,
          "algorithm " + quoted(algorithm.name.str()) + " has no label " + quoted(label.str()),
          nearest_or(label.str(), known, known.empty() ? "`algoctl upload` makes one" : "")};
}

Error no_such_version(Db& db, const AlgorithmRow& algorithm, const Selector& selector) {
  const std::string name = quoted(algorithm.name.str());
  const auto newest = newest_version(db, algorithm, std::nullopt);
  if (!newest) {
    return {Code::not_found, "algorithm " + name + " has no version yet",
            "`algoctl publish` makes the first"};
  }
  if (selector.kind() == Selector::Kind::channel) {
    return {Code::not_found, "algorithm " + name + " has no channel " + quoted(selector.channel()),
            did_you_mean(selector.channel(), channel_names(db, algorithm))};
  }
  const bool prerelease = find_version(db, algorithm, selector, true).has_value();
  return {Code::not_found, "no version of " + name + " matches " + quoted(selector.str()),
          prerelease ? "only a prerelease does; ask for those with --pre"
                     : "the newest is " + newest->version.str()};
}

AlgorithmRow require_algorithm(Db& db, const Algorithm& algorithm) {
  auto row = find_algorithm(db, algorithm);
  if (!row) throw no_such_algorithm(db, algorithm);
  return *std::move(row);
}

}  // namespace algoctl
