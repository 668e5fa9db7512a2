#include "algoctl/stores.h"
#include "base/text.h"
#include "commands.h"
#include "setting_values.h"
#include "url.h"

namespace algoctl::cli {

namespace {

struct MirrorArgs {
  std::optional<std::string> to;
  std::optional<std::string> forget;
  bool dry_run = false;
};

void define(Options& options, MirrorArgs& args) {
  options.value(args.to, "--to", "URL",
                "fill this store, made where there is none, and remember it as a mirror");
  options.value(args.forget, "--forget", "URL", "fill and read this mirror no more");
  options.dry_run(args.dry_run);
}

void tell(Context& ctx, const MirrorSum& sum, bool dry_run) {
  if (sum.missing > 0) {
    return ctx.warn(sum.url + " can only be read, and lacks " + counted(sum.missing, "object"));
  }
  const std::string copied = counted(sum.copied, "object") + ", " + counted(sum.bytes, "byte");
  ctx.message(sum.url + (sum.copied == 0 ? " has all objects"
                         : dry_run       ? " would get " + copied
                                         : " got " + copied));
}

int forget(Context& ctx, const MirrorArgs& args) {
  if (args.to) throw Error(Code::usage, "--forget and --to exclude each other", "give one of them");
  if (has_password(*args.forget)) {
    // No mirror is remembered by such a URL, and the answer would show it.
    throw Error(Code::usage, "--forget: a password does not belong in a store's URL",
                "take it out: the registry remembers a mirror without one");
  }
  const std::string url = url_in(ctx.folder(), *args.forget);
  const bool there = Stores(ctx.writing_client()).forget_mirror(url, args.dry_run);
  ctx.rows("objects").finish();
  ctx.message(url + (!there         ? " is no mirror: there is nothing to forget"
                     : args.dry_run ? " would be a mirror no more; its bytes would stay"
                                    : " is a mirror no more; its bytes stay"));
  return 0;
}

int run(Context& ctx, const MirrorArgs& args) {
  if (args.forget) return forget(ctx, args);
  const std::string to = args.to ? url_in(ctx.folder(), *args.to) : std::string();
  Client& client = ctx.writing_client();
  Rows rows = ctx.rows("objects");
  const auto sums = Stores(client).mirror({to, args.dry_run}, [&](const MirroredObject& each) {
    const std::string line =
        join({each.object.str(), std::to_string(each.size), each.mirror}, "\t");
    rows.add(line, [&](Json& item) {
      item.set("sha256", each.object.hex());
      item.set("size", each.size);
      item.set("mirror", each.mirror);
    });
  });
  rows.finish();
  for (const MirrorSum& sum : sums) tell(ctx, sum, args.dry_run);
  if (sums.empty()) ctx.message("there is no mirror; `algoctl mirror --to URL` makes one");
  return 0;
}

}  // namespace

constinit const Command kMirror = {
    .name = "mirror",
    .group = Group::governing,
    .summary = "copy what mirrors of the store lack, and name mirrors",
    .arguments = "",
    .examples =
        "algoctl mirror --to s3://models/mirror\n"
        "algoctl mirror\n",
    .prepare = prepare<MirrorArgs, define, run>,
};

}  // namespace algoctl::cli
