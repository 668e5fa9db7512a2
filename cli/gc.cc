#include "base/text.h"
#include "commands.h"
#include "records.h"
#include "setting_values.h"

namespace algoctl::cli {

namespace {

struct GcArgs {
  std::optional<std::int64_t> keep_last;
  std::optional<std::chrono::milliseconds> keep_for;
  bool dry_run = false;
};

std::int64_t parse_count(const std::string& text) {
  const auto count = parse_bytes(text);
  if (!count) throw Error(Code::usage, quoted(text) + " is not a number", "write 0, 1, 2 …");
  return *count;
}

void define(Options& options, GcArgs& args) {
  options.value(args.keep_last, "--keep-last", "N",
                "keep the last N former objects of each label, and the N views used last",
                parse_count);
  options.value(args.keep_for, "--keep-for", "DURATION",
                "keep what a label named, or somebody used, that lately, such as 90d",
                parse_duration);
  options.dry_run(args.dry_run);
}

const char* kind_word(GcItem::Kind kind) {
  switch (kind) {
    case GcItem::Kind::object: return "object";
    case GcItem::Kind::upload: return "upload";
    case GcItem::Kind::view: return "view";
    case GcItem::Kind::copy: return "copy";
    case GcItem::Kind::transfer: return "transfer";
    case GcItem::Kind::stamp: return "stamp";
  }
  return "";
}

const char* step_word(GcItem::Step step) {
  return step == GcItem::Step::freed ? "freed" : "trashed";
}

int run(Context& ctx, const GcArgs& args) {
  GcOptions gc;
  gc.keep_last = args.keep_last;
  gc.keep_for = args.keep_for;
  gc.grace = parse_seconds(ctx.settings().trash_grace.value).value();
  gc.dry_run = args.dry_run;
  Rows rows = ctx.rows("items");
  const GcResult result = ctx.writing_client().gc(gc, [&](const GcItem& item) {
    const std::string line = join({step_word(item.step), kind_word(item.kind), item.name,
                                   std::to_string(item.size), one_line(item.why)},
                                  "\t");
    rows.add(line, [&](Json& record) {
      record.set("step", step_word(item.step));
      record.set("kind", kind_word(item.kind));
      record.set("name", item.name);
      record.set("size", item.size);
      record.set("why", item.why);
    });
  });
  rows.finish();
  for (const std::string& warning : result.warnings) ctx.warn(warning);
  const std::string would = args.dry_run ? "would free " : "freed ";
  std::string sum = would + counted(result.freed, "byte");
  if (result.trashed > 0) {
    sum += "; " + counted(result.trashed, "byte") + " " + (args.dry_run ? "would go" : "went") +
           " into the trash, to be freed after " + ctx.settings().trash_grace.value + " s";
  }
  ctx.message(sum);
  return 0;
}

}  // namespace

constinit const Command kGc = {
    .name = "gc",
    .group = Group::governing,
    .summary = "free what nothing needs: cache, abandoned uploads, objects of moved labels",
    .arguments = "",
    .examples =
        "algoctl gc --dry-run\n"
        "algoctl gc --keep-last 2 --keep-for 90d\n",
    .prepare = prepare<GcArgs, define, run>,
};

}  // namespace algoctl::cli
