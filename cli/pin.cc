#include "commands.h"

namespace algoctl::cli {

namespace {

struct PinArgs {
  std::vector<std::string> references;
  PinOptions pin;
};

void define(Options& options, PinArgs& args) {
  options.arguments(args.references, "REF", "what to pin; default: what is pinned, checked", 0);
  options.flag(args.pin.update, "--update", "resolve again what is pinned already");
  options.flag(args.pin.locked, "--locked",
               "change nothing; fail where the lock file does not fit");
  options.flag(args.pin.prereleases, "--pre", "let ranges and latest match prereleases");
  options.dry_run(args.pin.dry_run);
}

int run(Context& ctx, const PinArgs& args) {
  if (args.pin.update && args.pin.locked) {
    throw Error(Code::usage, "--update and --locked exclude each other", "give one of them");
  }
  PinOptions pin = args.pin;
  pin.lock = ctx.lock_path();
  for (const std::string& text : args.references) pin.references.push_back(ctx.reference(text));
  const std::vector<Pin> pins = ctx.client().pin(pin);
  std::vector<std::string> lines;
  for (const Pin& item : pins) lines.push_back(item.algorithm.str() + "@" + item.version.str());
  ctx.answer(lines, [&](Json& record) {
    Json list = Json::array();
    for (const Pin& item : pins) {
      Json entry = Json::object();
      entry.set("algorithm", item.algorithm.str());
      entry.set("selector", item.selector.str());
      entry.set("version", item.version.str());
      entry.set("manifest_sha256", item.manifest_sha256.hex());
      list.push(std::move(entry));
    }
    record.set("lock", pin.lock);
    record.set("pins", std::move(list));
  });
  return 0;
}

}  // namespace

constinit const Command kPin = {
    .name = "pin",
    .group = Group::using_versions,
    .summary = "resolve references and write them to algoctl.lock, down to the bytes",
    .arguments = "[REF...]",
    .examples =
        "algoctl pin acme/sentiment@1.2.3\n"
        "algoctl pin 'acme/sentiment@^1.2' --update\n"
        "algoctl pin --locked\n",
    .prepare = prepare<PinArgs, define, run>,
};

}  // namespace algoctl::cli
