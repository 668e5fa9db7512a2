#include "base/text.h"
#include "commands.h"

namespace algoctl::cli {

namespace {

struct OutdatedArgs {
  bool exit_code = false;
};

void define(Options& options, OutdatedArgs& args) {
  options.flag(args.exit_code, "--exit-code", "exit with 1 when something is behind");
}

int run(Context& ctx, const OutdatedArgs& args) {
  const auto lock = read_lock(ctx.lock_path());
  if (!lock) {
    throw Error(Code::not_found, "there is no lock file " + quoted(ctx.lock_path()),
                "make one with `algoctl pin OWNER/NAME@SELECTOR`");
  }
  std::vector<Outdated> behind;
  for (const Outdated& row : ctx.client().outdated(*lock)) {
    if (!row.current) {
      ctx.warn(row.algorithm.str() + "@" + row.selector.str() + " matches no version any more");
    } else if (*row.current != row.locked) {
      behind.push_back(row);
    }
  }
  std::vector<std::string> lines;
  for (const Outdated& row : behind) {
    lines.push_back(row.algorithm.str() + " " + row.locked.str() + " " + row.current->str());
  }
  ctx.answer(lines, [&](Json& record) {
    Json list = Json::array();
    for (const Outdated& row : behind) {
      Json entry = Json::object();
      entry.set("algorithm", row.algorithm.str());
      entry.set("selector", row.selector.str());
      entry.set("locked", row.locked.str());
      entry.set("current", row.current->str());
      list.push(std::move(entry));
    }
    record.set("outdated", std::move(list));
  });
  return args.exit_code && !behind.empty() ? static_cast<int>(Code::check_failed) : 0;
}

}  // namespace

constinit const Command kOutdated = {
    .name = "outdated",
    .group = Group::using_versions,
    .summary = "compare what is pinned with what its selectors mean now",
    .arguments = "",
    .examples =
        "algoctl outdated\n"
        "algoctl outdated --exit-code || algoctl pin --update\n",
    .prepare = prepare<OutdatedArgs, define, run>,
};

}  // namespace algoctl::cli
