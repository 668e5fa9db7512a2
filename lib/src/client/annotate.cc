#include "algoctl/client.h"
#include "base/text.h"
#include "client/explain.h"
#include "client/state.h"
#include "registry/notes.h"
#include "registry/versions.h"

namespace algoctl {

VersionInfo Client::annotate(const Reference& reference,
                             const std::map<std::string, std::string>& values,
                             const ResolveOptions& options, bool dry_run) {
  VersionInfo version = require(reference, options);
  const auto known = metadata(version);
  bool news = false;
  for (const auto& [key, value] : values) {
    if (key.empty()) {
      throw Error(Code::usage, "metadata has no key: " + quoted("=" + value), "write KEY=VALUE");
    }
    const auto before = known.find(key);
    news = news || before == known.end() || before->second != value;
  }
  if (dry_run || !news) return version;
  state_->registry.write([&](Db& db) {
    AlgorithmRow row = require_algorithm(db, version.algorithm);
    for (const auto& [key, value] : values) {
      algoctl::annotate(db, row, version, key, value, state_->options.actor, state_->now());
    }
  });
  return version;
}

}  // namespace algoctl
