#include "commands.h"
#include "locked.h"
#include "records.h"
#include "times.h"

namespace algoctl::cli {

namespace {

struct ResolveArgs {
  std::string reference;
  bool prereleases = false;
  bool locked = false;
  std::optional<std::int64_t> at;
};

void define(Options& options, ResolveArgs& args) {
  options.argument(args.reference, "REF", "OWNER/NAME[@SELECTOR] or data://OWNER/NAME/LABEL");
  options.flag(args.prereleases, "--pre", "let ranges and latest match prereleases");
  options.value(args.at, "--at", "TIME", "as of then; RFC 3339, or a date for the end of that day",
                parse_end);
  options.flag(args.locked, "--locked", "answer from the lock file, or fail");
}

void fill_label(Json& record, const LabelInfo& info) {
  record.set("algorithm", info.algorithm.str());
  for (const char* field : {"version", "selector", "manifest_sha256", "published_at",
                            "published_by", "previous", "notes"}) {
    record.set(field, nullptr);
  }
  record.set("yanked", false);
  for (const char* field : {"yank_reason", "yank_replacement", "git", "models"}) {
    record.set(field, nullptr);
  }
  record.set("label", info.label.str());
  record.set("sha256", info.sha256.hex());
  record.set("size", info.size < 0 ? Json(nullptr) : Json(info.size));
}

int resolve_label(Context& ctx, const Reference& reference, std::optional<std::int64_t> at) {
  const LabelInfo info = ctx.client().require_label(reference.algorithm(), *reference.label(), at);
  ctx.answer(info.sha256.str(), [&](Json& record) { fill_label(record, info); });
  return 0;
}

int run(Context& ctx, const ResolveArgs& args) {
  const Reference reference = ctx.reference(args.reference);
  if (args.locked && args.at) {
    throw Error(Code::usage, "--locked and --at exclude each other", "give one of them");
  }
  if (reference.label() && !args.locked) return resolve_label(ctx, reference, args.at);
  const VersionInfo version = args.locked
                                  ? locked_version(ctx, reference)
                                  : ctx.client().require(reference, {args.prereleases, args.at});
  warn_of_yank(ctx, version);
  ctx.answer(version.version.str(), [&](Json& record) {
    record.set("algorithm", version.algorithm.str());
    record.set("version", version.version.str());
    record.set("selector", reference.selector().str());
    fill_version(record, version, ctx.client().manifest(version.manifest_sha256).models);
    record.set("label", nullptr);
    record.set("sha256", nullptr);
    record.set("size", nullptr);
  });
  return 0;
}

}  // namespace

constinit const Command kResolve = {
    .name = "resolve",
    .group = Group::using_versions,
    .summary = "print which version a reference means",
    .arguments = "REF",
    .examples =
        "algoctl resolve acme/sentiment@^1.2\n"
        "algoctl resolve acme/sentiment@stable --at 2026-03-03\n"
        "algoctl resolve data://acme/sentiment/mymodel-201902.pkl\n",
    .prepare = prepare<ResolveArgs, define, run>,
};

}  // namespace algoctl::cli
