#include "base/text.h"
#include "channel_answers.h"
#include "commands.h"

namespace algoctl::cli {

namespace {

struct RollbackArgs {
  std::optional<Algorithm> algorithm;
  std::string channel;
  std::optional<Version> to;
  std::optional<Version> expect;
  std::string why;
  bool hold = false;
  bool dry_run = false;
};

void define(Options& options, RollbackArgs& args) {
  options.argument(args.algorithm, "OWNER/NAME", "the algorithm");
  options.argument(args.channel, "CHANNEL", "the channel that is to go back");
  options.value(args.to, "--to", "V", "back to this version that it named");
  options.value(args.expect, "--expect", "V",
                "only from V; once rolled back from V, nothing happens again");
  options.value(args.why, "-m,--message", "WHY", "why it goes back", parse_text<std::string>);
  options.flag(args.hold, "--hold", "refuse to promote until one does with --release-hold");
  options.dry_run(args.dry_run);
}

int run(Context& ctx, const RollbackArgs& args) {
  const RollbackOptions rollback{*args.algorithm, args.channel, args.to,     args.expect,
                                 args.why,        args.hold,    args.dry_run};
  const ChannelResult result = ctx.writing_client().rollback(rollback);
  const std::string channel = result.algorithm.str() + "@" + result.channel;
  for (const std::string& warning : result.warnings) ctx.warn(warning);
  if (!result.moved) {
    ctx.message(channel + " names " + result.version.str() + " already");
  } else {
    ctx.message((args.dry_run ? "would roll back " : "rolled back ") + channel + " " +
                from_to(result));
  }
  if (!args.expect && !args.to && result.previous) {
    ctx.message("safe to repeat: algoctl rollback " + result.algorithm.str() + " " +
                result.channel + " --expect " + result.previous->str());
  }
  answer_channel(ctx, result);
  return 0;
}

}  // namespace

constinit const Command kRollback = {
    .name = "rollback",
    .group = Group::governing,
    .summary = "make a channel name what it named before",
    .arguments = "OWNER/NAME CHANNEL",
    .examples =
        "algoctl rollback acme/sentiment stable --expect 1.3.0 -m 'wrong on long texts'\n"
        "algoctl rollback acme/sentiment stable --to 1.1.0 --hold\n",
    .prepare = prepare<RollbackArgs, define, run>,
};

}  // namespace algoctl::cli
