#include "base/text.h"
#include "commands.h"

namespace algoctl::cli {

namespace {

struct UseArgs {
  std::vector<std::pair<Slot, Label>> slots;
  std::optional<std::string> from;
  bool dry_run = false;
};

std::pair<Slot, Label> parse_slot(const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos) {
    throw Error(Code::usage, quoted(text) + " names no slot",
                "write SLOT=LABEL, such as model=" + text);
  }
  return {Slot::parse(text.substr(0, equals)), Label::parse(text.substr(equals + 1))};
}

void define(Options& options, UseArgs& args) {
  options.arguments(args.slots, "SLOT=LABEL", "a slot, and the label it is to mean", 0, parse_slot);
  options.value(args.from, "--from", "REF",
                "refresh the slots that did not change here from this version");
  options.dry_run(args.dry_run);
}

int run(Context& ctx, const UseArgs& args) {
  UseOptions use;
  use.slots = args.slots;
  use.from = args.from;
  use.dry_run = args.dry_run;
  use.manifest = ctx.manifest();
  const UseResult result = ctx.client().use(use);
  ctx.answer(result.uris, [&](Json& record) {
    Json uris = Json::array();
    for (const std::string& uri : result.uris) uris.push(uri);
    record.set("uris", std::move(uris));
    record.set("manifest", result.manifest);
  });
  return 0;
}

}  // namespace

constinit const Command kUse = {
    .name = "use",
    .group = Group::making,
    .summary = "point slots at labels that are there, or refresh a stale working copy",
    .arguments = "SLOT=LABEL... | --from REF",
    .examples =
        "algoctl use model=mymodel-201901.pkl\n"
        "algoctl use --from latest\n",
    .prepare = prepare<UseArgs, define, run>,
};

}  // namespace algoctl::cli
