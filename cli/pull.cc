#include "base/text.h"
#include "commands.h"
#include "locked.h"

namespace algoctl::cli {

namespace {

struct PullArgs {
  std::optional<std::string> reference;
  PullOptions pull;
  bool folder = false;
  bool locked = false;
};

void define(Options& options, PullArgs& args) {
  options.optional_argument(args.reference, "REF",
                            "what to pull; default: what algoctl.lock says, else algorithm.json");
  options.list(args.pull.slots, "--slot", "S", "only this slot");
  options.value(
      args.pull.into, "-o,--output", "DIR",
      "copy to DIR/LABEL: a new DIR appears whole, one that is there changes file by file");
  options.value(args.pull.file, "--to", "FILE", "copy the one slot to FILE");
  options.flag(args.folder, "--dir", "print the folder of the files instead");
  options.flag(args.pull.prereleases, "--pre", "let ranges and latest match prereleases");
  options.flag(args.pull.offline, "--offline", "ask no network");
  options.flag(args.locked, "--locked", "pull what the lock file says, or fail");
  options.dry_run(args.pull.dry_run);
}

/// Everything that is locked, or else the working manifest.
std::vector<PullResult> pull_default(Context& ctx, const PullArgs& args) {
  const auto lock = read_lock(ctx.lock_path());
  if (!lock && args.locked) {
    throw Error(Code::lock_mismatch, "there is no lock file " + quoted(ctx.lock_path()),
                "make one with `algoctl pin OWNER/NAME@SELECTOR`");
  }
  if (args.locked && lock->pins.empty()) {
    throw Error(Code::lock_mismatch, "the lock file " + quoted(ctx.lock_path()) + " has no pins",
                "make one with `algoctl pin OWNER/NAME@SELECTOR`");
  }
  if (!lock || lock->pins.empty()) {
    return {ctx.client().pull_manifest(ctx.manifest(), args.pull)};
  }
  for (const Pin& pin : lock->pins) ctx.client().check(pin, args.locked);
  return ctx.client().pull_pins(lock->pins, args.pull);
}

std::vector<PullResult> pull_all(Context& ctx, const PullArgs& args) {
  if (!args.reference) return pull_default(ctx, args);
  const Reference reference = ctx.reference(*args.reference);
  if (args.locked) return {ctx.client().pull(locked_pin(ctx, reference), args.pull)};
  return {ctx.client().pull(reference, args.pull)};
}

Json file_record(const PullResult& result, const PulledFile& file) {
  Json record = Json::object();
  record.set("algorithm", result.algorithm.str());
  record.set("version", result.version ? Json(result.version->str()) : Json(nullptr));
  record.set("slot", file.slot ? Json(file.slot->str()) : Json(nullptr));
  record.set("label", file.label.str());
  record.set("path", file.path);
  record.set("sha256", file.sha256.hex());
  record.set("size", file.size);
  return record;
}

int run(Context& ctx, const PullArgs& args) {
  if (!args.pull.into.empty() && !args.pull.file.empty()) {
    throw Error(Code::usage, "-o and --to exclude each other", "give one of them");
  }
  const std::vector<PullResult> results = pull_all(ctx, args);
  for (const PullResult& result : results) {
    if (result.version) warn_of_yank(ctx, result.algorithm, *result.version, result.yank);
  }
  std::vector<std::string> lines;
  for (const PullResult& result : results) {
    if (args.folder) lines.push_back(result.folder);
    for (const PulledFile& file : result.files) {
      if (!args.folder) lines.push_back(file.path);
    }
  }
  ctx.answer(lines, [&](Json& record) {
    Json files = Json::array();
    Json folders = Json::array();
    for (const PullResult& result : results) {
      folders.push(result.folder);
      for (const PulledFile& file : result.files) files.push(file_record(result, file));
    }
    record.set("files", std::move(files));
    record.set("folders", std::move(folders));
  });
  return 0;
}

}  // namespace

constinit const Command kPull = {
    .name = "pull",
    .group = Group::using_versions,
    .summary = "print the paths of a version's verified files",
    .arguments = "[REF]",
    .examples =
        "model=$(algoctl pull 'acme/sentiment@^1' --slot model)\n"
        "algoctl pull acme/sentiment@1.2.3 -o models\n"
        "algoctl pull --locked\n",
    .prepare = prepare<PullArgs, define, run>,
};

}  // namespace algoctl::cli
