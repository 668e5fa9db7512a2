#include "base/text.h"
#include "commands.h"
#include "locked.h"
#include "records.h"

namespace algoctl::cli {

namespace {

struct DiffArgs {
  std::string left;
  std::string right;
  bool prereleases = false;
  bool exit_code = false;
};

void define(Options& options, DiffArgs& args) {
  options.argument(args.left, "REF", "a version");
  options.argument(args.right, "REF", "and another one");
  options.flag(args.prereleases, "--pre", "let ranges and latest match prereleases");
  options.flag(args.exit_code, "--exit-code", "exit with 1 when they differ");
}

int run(Context& ctx, const DiffArgs& args) {
  std::optional<VersionInfo> left;
  std::optional<VersionInfo> right;
  std::vector<Difference> differences;
  ctx.client().read([&] {
    ResolveOptions resolve;
    resolve.prereleases = args.prereleases;
    left = ctx.client().require(ctx.reference(args.left), resolve);
    right = ctx.client().require(ctx.reference(args.right), resolve);
    differences = ctx.client().diff(*left, *right);
  });
  warn_of_yank(ctx, *left);
  warn_of_yank(ctx, *right);
  std::vector<std::string> lines;
  for (const Difference& each : differences) {
    lines.push_back(join({one_line(each.field), one_line(each.left), one_line(each.right)}, "\t"));
  }
  ctx.answer(lines, [&](Json& record) {
    record.set("left", left->algorithm.str() + "@" + left->version.str());
    record.set("right", right->algorithm.str() + "@" + right->version.str());
    Json list = Json::array();
    for (const Difference& each : differences) {
      Json entry = Json::object();
      entry.set("field", each.field);
      entry.set("left", text_or_null(each.left));
      entry.set("right", text_or_null(each.right));
      list.push(std::move(entry));
    }
    record.set("differences", std::move(list));
  });
  return args.exit_code && !differences.empty() ? static_cast<int>(Code::check_failed) : 0;
}

}  // namespace

constinit const Command kDiff = {
    .name = "diff",
    .group = Group::using_versions,
    .summary = "print in which files and metadata two versions differ",
    .arguments = "REF REF",
    .examples =
        "algoctl diff acme/sentiment@1.2.0 acme/sentiment@1.3.0\n"
        "algoctl diff acme/sentiment@stable acme/sentiment@canary --exit-code\n",
    .prepare = prepare<DiffArgs, define, run>,
};

}  // namespace algoctl::cli
