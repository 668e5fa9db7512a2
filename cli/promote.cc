#include "base/text.h"
#include "channel_answers.h"
#include "commands.h"

namespace algoctl::cli {

namespace {

struct PromoteArgs {
  std::string reference;
  std::string channel;
  std::optional<ExpectedVersion> expect;
  std::string why;
  std::vector<Requirement> require;
  bool prereleases = false;
  bool force = false;
  bool release_hold = false;
  bool dry_run = false;
};

void define(Options& options, PromoteArgs& args) {
  options.argument(args.reference, "REF", "the version");
  options.argument(args.channel, "CHANNEL", "the channel that is to name it, made if new");
  options.value(args.expect, "--expect", "V", "fail unless the channel names V, or none, now");
  options.value(args.why, "-m,--message", "WHY", "why it moves");
  options.list(args.require, "--require", "CONDITION",
               "fail unless the metadata meets it, such as 'accuracy>=@stable'");
  options.flag(args.prereleases, "--pre", "let ranges and latest match prereleases");
  options.flag(args.force, "--force", "also to a lower version");
  options.flag(args.release_hold, "--release-hold", "end the hold that a rollback began");
  options.dry_run(args.dry_run);
}

int run(Context& ctx, const PromoteArgs& args) {
  PromoteOptions promote{ctx.reference(args.reference),
                         args.channel,
                         args.expect,
                         args.why,
                         args.require,
                         args.prereleases,
                         args.force,
                         args.release_hold,
                         args.dry_run};
  const ChannelResult result = ctx.writing_client().promote(promote);
  const std::string channel = result.algorithm.str() + "@" + result.channel;
  if (!result.moved) {
    ctx.message(channel + " names " + result.version.str() + " already");
  } else {
    ctx.message((args.dry_run ? "would move " : "moved ") + channel + " " + from_to(result));
  }
  answer_channel(ctx, result);
  return 0;
}

}  // namespace

constinit const Command kPromote = {
    .name = "promote",
    .group = Group::governing,
    .summary = "make a channel name a version",
    .arguments = "REF CHANNEL",
    .examples =
        "algoctl promote acme/sentiment@1.3.0 stable -m 'a week on canary'\n"
        "algoctl promote acme/sentiment@canary stable --require 'accuracy>=@stable'\n"
        "algoctl promote acme/sentiment@1.3.0 stable --expect 1.2.0\n",
    .prepare = prepare<PromoteArgs, define, run>,
};

}  // namespace algoctl::cli
