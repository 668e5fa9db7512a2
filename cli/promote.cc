#include <algorithm>

#include "base/text.h"
#include "channel_answers.h"
#include "commands.h"
#include "replica_answers.h"
#include "setting_values.h"

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
  bool wait = false;
  bool two_phase = false;
  bool abort_on_nack = false;
  std::optional<std::chrono::milliseconds> within;
  bool dry_run = false;

  [[nodiscard]] bool waits() const { return wait || two_phase; }
};

std::chrono::milliseconds parse_within(const std::string& text) {
  const auto time = parse_seconds(text);
  if (time && *time <= std::chrono::hours(24)) return *time;
  throw Error(Code::usage, quoted(text) + " is not a number of seconds up to a day",
              "write 60 or 0.5");
}

void define(Options& options, PromoteArgs& args) {
  options.argument(args.reference, "REF", "the version");
  options.argument(args.channel, "CHANNEL", "the channel that is to name it, made if new");
  options.value(args.expect, "--expect", "V", "fail unless the channel names V, or none, now");
  options.value(args.why, "-m,--message", "WHY", "why it moves", parse_text<std::string>);
  options.list(args.require, "--require", "CONDITION",
               "fail unless the metadata meets it, such as 'accuracy>=@stable'");
  options.flag(args.prereleases, "--pre", "let ranges and latest match prereleases");
  options.flag(args.force, "--force", "also to a lower version");
  options.flag(args.release_hold, "--release-hold", "end the hold that a rollback began");
  options.flag(args.wait, "--wait", "until every replica that follows the channel serves it");
  options.flag(args.two_phase, "--two-phase",
               "have all replicas load it first, then switch at once; waits, too");
  options.flag(args.abort_on_nack, "--abort-on-nack",
               "with --two-phase: move nothing when a replica cannot load it");
  options.value(args.within, "--within", "SECONDS",
                "longest wait for the replicas, in each phase; default: 60", parse_within);
  options.dry_run(args.dry_run);
}

void check_waiting(const PromoteArgs& args) {
  if (args.abort_on_nack && !args.two_phase) {
    throw Error(Code::usage, "--abort-on-nack needs --two-phase",
                "replicas can only refuse what they are to load before the channel moves");
  }
  if (args.within && !args.waits()) {
    throw Error(Code::usage, "--within needs --wait or --two-phase", "give one of them");
  }
}

/// Without waiting there are no replicas to speak of.
RolloutResult promote(Context& ctx, const PromoteArgs& args, const PromoteOptions& promotion) {
  Client& client = ctx.writing_client();
  if (!args.waits()) return {client.promote(promotion), {}};
  RolloutOptions rollout;
  rollout.two_phase = args.two_phase;
  rollout.abort_on_nack = args.abort_on_nack;
  rollout.within = args.within.value_or(rollout.within);
  ReplicaProgress progress(ctx);
  if (!args.dry_run) rollout.progress = [&](const auto& replicas) { progress.update(replicas); };
  return client.roll_out(promotion, rollout);
}

/// Who serves it now, or would be waited for.
void tell_replicas(Context& ctx, const PromoteArgs& args, const RolloutResult& result) {
  const std::string channel = result.channel.algorithm.str() + "@" + result.channel.channel;
  if (result.replicas.empty()) return ctx.message("no replica follows " + channel);
  if (args.dry_run) {
    std::vector<std::string> names;
    for (const ReplicaInfo& replica : result.replicas) names.push_back(replica_name(replica));
    return ctx.message("would wait for " + join(names, ", "));
  }
  const auto serving = std::count_if(
      result.replicas.begin(), result.replicas.end(),
      [&](const auto& replica) { return replica.version == result.channel.version.str(); });
  ctx.message(counted(serving, "replica") + (serving == 1 ? " serves " : " serve ") +
              result.channel.version.str());
}

int run(Context& ctx, const PromoteArgs& args) {
  check_waiting(args);
  const PromoteOptions promotion{ctx.reference(args.reference),
                                 args.channel,
                                 args.expect,
                                 args.why,
                                 args.require,
                                 args.prereleases,
                                 args.force,
                                 args.release_hold,
                                 args.dry_run};
  const RolloutResult rollout = promote(ctx, args, promotion);
  const ChannelResult& result = rollout.channel;
  for (const std::string& warning : result.warnings) ctx.warn(warning);
  const std::string channel = result.algorithm.str() + "@" + result.channel;
  if (!result.moved) {
    ctx.message(channel + " names " + result.version.str() + " already");
  } else {
    ctx.message((args.dry_run ? "would move " : "moved ") + channel + " " + from_to(result));
  }
  if (args.waits()) tell_replicas(ctx, args, rollout);
  answer_channel(ctx, result, [&](Json& record) {
    record.set("replicas", args.waits() ? replica_records(rollout.replicas) : Json(nullptr));
  });
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
        "algoctl promote acme/sentiment@1.3.0 stable --expect 1.2.0\n"
        "algoctl promote acme/sentiment@1.3.0 stable --two-phase --abort-on-nack\n",
    .prepare = prepare<PromoteArgs, define, run>,
};

}  // namespace algoctl::cli
