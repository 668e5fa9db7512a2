#include "client/explain.h"

#include "base/clock.h"
#include "base/text.h"
#include "registry/channels.h"
#include "registry/labels.h"
#include "registry/versions.h"
#include "registry/yanks.h"

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
    return no_such_channel(db, algorithm, selector.channel(), {"latest"});
  }
  if (const auto yanked = highest_yanked(db, algorithm, selector)) {
    const std::string& why = yanked->yank->reason;
    return {Code::not_found,
            "every version of " + name + " that matches " + quoted(selector.str()) +
                " is yanked, such as " + yanked->version.str() +
                (why.empty() ? "" : ": " + printable(why)),
            "name one exactly to use it all the same, as in " + algorithm.name.str() + "@" +
                yanked->version.str()};
  }
  const bool prerelease = find_version(db, algorithm, selector, true).has_value();
  return {Code::not_found, "no version of " + name + " matches " + quoted(selector.str()),
          prerelease ? "only a prerelease does; ask for those with --pre"
                     : "the newest is " + newest->version.str()};
}

Error no_such_version_at(const AlgorithmRow& algorithm, const Selector& selector, std::int64_t at) {
  const std::string what = selector.kind() == Selector::Kind::channel
                               ? " had no channel " + quoted(selector.channel())
                               : " had no version that matches " + quoted(selector.str());
  return {Code::not_found,
          "algorithm " + quoted(algorithm.name.str()) + what + " at " + format_time(at),
          "`algoctl log " + algorithm.name.str() + "` says what happened when"};
}

Error no_such_channel(Db& db, const AlgorithmRow& algorithm, const std::string& channel,
                      std::vector<std::string> near) {
  const std::vector<std::string> known = channel_names(db, algorithm);
  near.insert(near.begin(), known.begin(), known.end());
  return {Code::not_found,
          "algorithm " + quoted(algorithm.name.str()) + " has no channel " + quoted(channel),
          nearest_or(
              channel, near,
              known.empty() ? "`algoctl promote` makes one" : "there are: " + join(known, ", "))};
}

AlgorithmRow require_algorithm(Db& db, const Algorithm& algorithm) {
  auto row = find_algorithm(db, algorithm);
  if (!row) throw no_such_algorithm(db, algorithm);
  return *std::move(row);
}

}  // namespace algoctl
