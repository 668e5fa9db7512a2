#include "client/archive_selection.h"

#include <map>
#include <utility>

#include "algoctl/error.h"
#include "base/text.h"
#include "client/explain.h"
#include "registry/journal_rows.h"
#include "registry/versions.h"

namespace algoctl {
namespace {

[[noreturn]] void refuse(const std::string& what, const std::string& hint) {
  throw Error(Code::usage, what, hint);
}

void check_options(const ExportOptions& options) {
  if (options.file.empty()) refuse("no file to export to", "name one with -o FILE");
  if (options.all && !options.references.empty()) {
    refuse("--all exports every algorithm", "leave out " + options.references.front().str());
  }
  if (!options.all && options.references.empty()) {
    refuse("nothing to export is named", "name versions or algorithms, or give --all");
  }
  for (const Reference& reference : options.references) {
    if (!reference.label()) continue;
    refuse(quoted(reference.str()) + " is a label, and versions are exported",
           "write OWNER/NAME[@SELECTOR]");
  }
  if (!options.since) return;
  if (options.references.size() != 1 || options.references.front().has_selector()) {
    refuse("--since speaks of one algorithm", "write export OWNER/NAME --since VERSION");
  }
}

void add(Db& db, const ExportOptions& options, const Reference& reference, Selected& selected) {
  if (options.since) {
    const auto from = exact_version(db, selected.algorithm, *options.since);
    if (!from) {
      throw no_such_version(db, selected.algorithm, Selector::exactly(*options.since))
          .within("--since");
    }
    selected.since = true;
    selected.after = from->sequence;
    return;
  }
  if (!reference.has_selector()) {
    selected.whole = true;
    return;
  }
  const auto version =
      find_version(db, selected.algorithm, reference.selector(), options.prereleases);
  if (!version) throw no_such_version(db, selected.algorithm, reference.selector());
  selected.sequences.insert(version->sequence);
}

}  // namespace

std::vector<Selected> select_for_export(Db& db, const ExportOptions& options) {
  check_options(options);
  std::vector<Reference> references = options.references;
  if (options.all) {
    for (Algorithm& name : algorithm_names(db)) references.push_back(Reference(std::move(name)));
    if (references.empty()) {
      throw Error(Code::not_found, "there is nothing to export: the registry is empty",
                  "check --home; `algoctl config` says which one it is");
    }
  }
  std::map<Algorithm, Selected> by_name;
  for (const Reference& reference : references) {
    const Algorithm& name = reference.algorithm();
    if (by_name.count(name) == 0) by_name.emplace(name, Selected{require_algorithm(db, name)});
    add(db, options, reference, by_name.at(name));
  }
  std::vector<Selected> all;
  for (auto& [name, selected] : by_name) all.push_back(std::move(selected));
  return all;
}

void visit_selected(Db& db, const Selected& selected,
                    const std::function<void(const VersionInfo&)>& visit) {
  visit_published(db, selected.algorithm, selected.after, [&](const VersionInfo& version) {
    const bool wanted =
        selected.whole || selected.since || selected.sequences.count(version.sequence) > 0;
    if (wanted) visit(version);
  });
}

}  // namespace algoctl
