#include <algorithm>

#include "algoctl/stores.h"
#include "base/text.h"
#include "commands.h"
#include "records.h"
#include "setting_values.h"

namespace algoctl::cli {

namespace {

struct DoctorArgs {
  std::optional<std::string> store;
};

void define(Options& options, DoctorArgs& args) {
  options.value(args.store, "--store", "[URL]",
                "try the store instead, or what is at a URL: put, read, list, delete",
                parse_text<std::string>);
}

/// What a probe found, as the doctor says it.
std::vector<Checkup> probe(Context& ctx, const std::string& store) {
  const std::string url = store.empty() ? store : url_in(ctx.folder(), store);
  std::vector<Checkup> checkups;
  for (const ProbeFinding& finding : Stores(ctx.client()).probe(url)) {
    const bool healthy = finding.holds || !finding.needed;
    const std::string remedy =
        finding.remedy.empty() ? "keep the store on a server that does this" : finding.remedy;
    checkups.push_back({finding.what, healthy, finding.holds ? "holds" : finding.detail,
                        healthy ? std::string() : remedy});
  }
  return checkups;
}

int run(Context& ctx, const DoctorArgs& args) {
  const std::vector<Checkup> checkups =
      args.store ? probe(ctx, *args.store) : ctx.client().doctor();
  Rows rows = ctx.rows("checks");
  for (const Checkup& check : checkups) {
    const std::string line = join({check.healthy ? "ok" : "ill", check.subject,
                                   one_line(check.finding), one_line(check.remedy)},
                                  "\t");
    rows.add(line, [&](Json& item) {
      item.set("check", check.subject);
      item.set("healthy", check.healthy);
      item.set("finding", check.finding);
      item.set("remedy", text_or_null(check.remedy));
    });
  }
  rows.finish();
  const bool healthy = std::all_of(checkups.begin(), checkups.end(),
                                   [](const Checkup& check) { return check.healthy; });
  return healthy ? 0 : static_cast<int>(Code::check_failed);
}

}  // namespace

constinit const Command kDoctor = {
    .name = "doctor",
    .group = Group::governing,
    .summary = "look at registry, store, cache and machine, with a remedy for each finding",
    .arguments = "",
    .examples =
        "algoctl doctor\n"
        "algoctl doctor --store s3://models/prod\n",
    .prepare = prepare<DoctorArgs, define, run>,
};

}  // namespace algoctl::cli
