#include "commands.h"
#include "provenance.h"
#include "transfer_options.h"

namespace algoctl::cli {

namespace {

struct PublishArgs {
  PublishOptions publish;
};

void define(Options& options, PublishArgs& args) {
  define_publish_options(options, args.publish);
  options.dry_run(args.publish.dry_run);
}

int run(Context& ctx, const PublishArgs& args) {
  PublishOptions publish = args.publish;
  publish.manifest = ctx.manifest();
  publish.provenance = provenance_of(publish.manifest);
  answer_published(ctx, ctx.writing_client().publish(publish), publish.dry_run);
  return 0;
}

}  // namespace

constinit const Command kPublish = {
    .name = "publish",
    .group = Group::making,
    .summary = "make the manifest the next version, which never changes",
    .arguments = "",
    .examples =
        "algoctl publish -m 'retrained on February'\n"
        "algoctl publish --bump major --meta accuracy=0.93\n"
        "algoctl publish --line 1.2 -m 'hotfix for those on 1.2'\n",
    .prepare = prepare<PublishArgs, define, run>,
};

}  // namespace algoctl::cli
