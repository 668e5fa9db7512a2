#include <algorithm>

#include "base/text.h"
#include "commands.h"
#include "records.h"

namespace algoctl::cli {

namespace {

struct DoctorArgs {};

void define(Options&, DoctorArgs&) {}

int run(Context& ctx, const DoctorArgs&) {
  const std::vector<Checkup> checkups = ctx.client().doctor();
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
        "algoctl doctor --json\n",
    .prepare = prepare<DoctorArgs, define, run>,
};

}  // namespace algoctl::cli
