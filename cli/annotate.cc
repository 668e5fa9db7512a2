#include "base/text.h"
#include "commands.h"
#include "records.h"
#include "transfer_options.h"

namespace algoctl::cli {

namespace {

struct AnnotateArgs {
  std::string reference;
  std::vector<std::pair<std::string, std::string>> values;
  bool prereleases = false;
  bool dry_run = false;
};

void define(Options& options, AnnotateArgs& args) {
  options.argument(args.reference, "REF", "the version");
  options.arguments(args.values, "K=V", "metadata, such as accuracy=0.93", 1, parse_pair);
  options.flag(args.prereleases, "--pre", "let ranges and latest match prereleases");
  options.dry_run(args.dry_run);
}

int run(Context& ctx, const AnnotateArgs& args) {
  std::map<std::string, std::string> values;
  for (const auto& [key, value] : args.values) {
    if (!values.emplace(key, value).second) {
      throw Error(Code::usage, "metadata '" + key + "' was given twice", "give it once");
    }
  }
  ResolveOptions resolve;
  resolve.prereleases = args.prereleases;
  const VersionInfo version =
      ctx.writing_client().annotate(ctx.reference(args.reference), values, resolve, args.dry_run);
  if (args.dry_run) {
    std::vector<std::string> pairs;
    for (const auto& [key, value] : values) pairs.push_back(key + "=" + one_line(value));
    ctx.message("would note " + join(pairs, ", ") + " of " + version.algorithm.str() + "@" +
                version.version.str());
  }
  ctx.answer(version.version.str(), [&](Json& record) {
    record.set("algorithm", version.algorithm.str());
    record.set("version", version.version.str());
    Json meta = Json::object();
    for (const auto& [key, value] : values) meta.set(key, value);
    record.set("meta", std::move(meta));
  });
  return 0;
}

}  // namespace

constinit const Command kAnnotate = {
    .name = "annotate",
    .group = Group::governing,
    .summary = "set metadata of a version after it was published",
    .arguments = "REF K=V...",
    .examples =
        "algoctl annotate acme/sentiment@1.3.0 accuracy=0.93 approved_by=ada\n"
        "algoctl annotate acme/sentiment@canary latency_ms=12\n",
    .prepare = prepare<AnnotateArgs, define, run>,
};

}  // namespace algoctl::cli
