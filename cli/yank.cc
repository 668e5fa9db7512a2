#include "base/text.h"
#include "commands.h"

namespace algoctl::cli {

namespace {

struct YankArgs {
  std::string reference;
  std::string why;
  std::optional<Version> use;
  bool undo = false;
  bool dry_run = false;
};

void define(Options& options, YankArgs& args) {
  options.argument(args.reference, "OWNER/NAME@VERSION", "the version, exactly or by its digest");
  options.value(args.why, "-m,--message", "WHY", "why nobody should choose it any more",
                parse_text<std::string>);
  options.value(args.use, "--use", "V", "what to use instead; channels that name it move there");
  options.flag(args.undo, "--undo", "take the mark away");
  options.dry_run(args.dry_run);
}

std::string said(const YankResult& result, const YankArgs& args) {
  const std::string name = result.algorithm.str() + "@" + result.version.str();
  if (!result.changed) return name + (result.yanked ? " is yanked already" : " is not yanked");
  const std::string would = args.dry_run ? "would be " : "is ";
  std::string text = name + " " + would + (result.yanked ? "yanked" : "free to be chosen again");
  if (!result.channels.empty()) {
    text += "; " + join(result.channels, ", ") + (args.dry_run ? " would move to " : " moved to ") +
            args.use->str();
  }
  return text;
}

int run(Context& ctx, const YankArgs& args) {
  const Reference reference = ctx.reference(args.reference);
  if (reference.label()) {
    throw Error(Code::usage, quoted(args.reference) + " is a label, and versions are yanked",
                "write OWNER/NAME@VERSION");
  }
  const YankOptions yank{reference.algorithm(), reference.selector(), args.why, args.use, args.undo,
                         args.dry_run};
  const YankResult result = ctx.writing_client().yank(yank);
  for (const std::string& warning : result.warnings) ctx.warn(warning);
  ctx.message(said(result, args));
  ctx.answer(result.version.str(), [&](Json& record) {
    record.set("algorithm", result.algorithm.str());
    record.set("version", result.version.str());
    record.set("yanked", result.yanked);
    record.set("changed", result.changed);
    Json channels = Json::array();
    for (const std::string& channel : result.channels) channels.push(channel);
    record.set("channels", std::move(channels));
  });
  return 0;
}

}  // namespace

constinit const Command kYank = {
    .name = "yank",
    .group = Group::governing,
    .summary = "mark a version as one that nobody should choose any more",
    .arguments = "OWNER/NAME@VERSION",
    .examples =
        "algoctl yank acme/sentiment@1.2.0 -m 'trained on the test set' --use 1.2.1\n"
        "algoctl yank acme/sentiment@1.2.0 --undo\n",
    .prepare = prepare<YankArgs, define, run>,
};

}  // namespace algoctl::cli
