#include "commands.h"

namespace algoctl::cli {

namespace {

struct InitArgs {
  std::optional<Algorithm> algorithm;
  std::string folder = ".";
  bool dry_run = false;
};

void define(Options& options, InitArgs& args) {
  options.argument(args.algorithm, "OWNER/NAME", "the algorithm that callers will name");
  options.value(args.folder, "--dir", "DIR", "the folder of the manifest; default: this one");
  options.dry_run(args.dry_run);
}

int run(Context& ctx, const InitArgs& args) {
  const std::string path = ctx.writing_client().init(*args.algorithm, args.folder, args.dry_run);
  ctx.answer(path, [&](Json& record) {
    record.set("algorithm", args.algorithm->str());
    record.set("manifest", path);
  });
  return 0;
}

}  // namespace

constinit const Command kInit = {
    .name = "init",
    .group = Group::making,
    .summary = "write algorithm.json, and make the registry when there is none",
    .arguments = "OWNER/NAME",
    .examples =
        "algoctl init acme/sentiment\n"
        "algoctl init acme/sentiment --dir services/sentiment\n",
    .prepare = prepare<InitArgs, define, run>,
};

}  // namespace algoctl::cli
