#include "base/clock.h"
#include "base/text.h"
#include "commands.h"
#include "replica_answers.h"

namespace algoctl::cli {

namespace {

struct ReplicasArgs {
  std::optional<Algorithm> algorithm;
};

void define(Options& options, ReplicasArgs& args) {
  options.argument(args.algorithm, "OWNER/NAME", "the algorithm");
}

std::string line_of(const ReplicaInfo& replica) {
  std::vector<std::string> fields = {replica.name,
                                     replica.host,
                                     std::to_string(replica.pid),
                                     replica.version,
                                     state_name(replica.state),
                                     format_time(replica.since),
                                     replica.reference,
                                     replica.reason};
  for (std::string& field : fields) field = printable(field);
  return join(fields, "\t");
}

int run(Context& ctx, const ReplicasArgs& args) {
  const std::vector<ReplicaInfo> replicas = ctx.client().replicas(*args.algorithm);
  Rows rows =
      ctx.rows("replicas", [&](Json& head) { head.set("algorithm", args.algorithm->str()); });
  for (const ReplicaInfo& replica : replicas) {
    rows.add(line_of(replica), [&](Json& item) { fill_replica(item, replica); });
  }
  rows.finish();
  if (replicas.empty()) ctx.message("no replica of " + args.algorithm->str() + " is running");
  return 0;
}

}  // namespace

constinit const Command kReplicas = {
    .name = "replicas",
    .group = Group::governing,
    .summary = "print which processes follow an algorithm, and what they serve",
    .arguments = "OWNER/NAME",
    .examples =
        "algoctl replicas acme/sentiment\n"
        "algoctl replicas acme/sentiment --json\n",
    .prepare = prepare<ReplicasArgs, define, run>,
};

}  // namespace algoctl::cli
