#include "base/file.h"
#include "base/text.h"
#include "commands.h"
#include "setting_values.h"

namespace algoctl::cli {

namespace {

struct InitArgs {
  std::optional<Algorithm> algorithm;
  std::optional<std::string> folder;
  bool dry_run = false;
};

void define(Options& options, InitArgs& args) {
  options.argument(args.algorithm, "OWNER/NAME", "the algorithm that callers will name");
  options.value(args.folder, "--dir", "DIR", "the folder of the manifest; default: this one");
  options.dry_run(args.dry_run);
}

/// The manifest that is named, by an option before the environment; else the folder's.
std::string manifest_of(const Context& ctx, const std::optional<std::string>& folder) {
  const Setting& named = ctx.settings().manifest;
  const std::string path = in_folder(path_in(ctx.folder(), folder.value_or(".")), "algorithm.json");
  if (!named.named()) return path;
  if (!folder || folder_of(named.value) == folder_of(path)) return named.value;
  if (!starts_with(named.source, "option ")) return path;
  throw Error(Code::usage,
              "--dir " + quoted(*folder) + " is not where the manifest " + quoted(named.value) +
                  " is to be",
              "leave one of --dir and --manifest out");
}

int run(Context& ctx, const InitArgs& args) {
  const std::string manifest = manifest_of(ctx, args.folder);
  const std::string path =
      ctx.writing_client().init_manifest(*args.algorithm, manifest, args.dry_run);
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
