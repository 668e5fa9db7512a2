#include "base/text.h"
#include "commands.h"
#include "records.h"

namespace algoctl::cli {

namespace {

struct VerifyArgs {
  std::optional<std::string> reference;
  bool all = false;
  bool repair = false;
  bool dry_run = false;
  std::string from;
};

void define(Options& options, VerifyArgs& args) {
  options.optional_argument(args.reference, "REF", "only this version; default: everything");
  options.flag(args.all, "--all", "without REF: also read objects that nothing needs");
  options.flag(args.repair, "--repair", "mend what can be mended");
  options.value(args.from, "--from", "STORE",
                "a store with second copies, for --repair; default: the mirrors");
  options.dry_run(args.dry_run);
}

void fill(Json& item, const Fault& fault) {
  item.set("kind", fault.kind);
  item.set("name", fault.name);
  item.set("detail", fault.detail);
  item.set("mended", fault.mended);
}

int run(Context& ctx, const VerifyArgs& args) {
  VerifyOptions verify;
  if (args.reference) verify.reference = ctx.reference(*args.reference);
  verify.all = args.all;
  verify.repair = args.repair;
  verify.dry_run = args.dry_run;
  verify.from = args.from;
  Client& client = args.repair ? ctx.writing_client() : ctx.client();
  Rows rows = ctx.rows("faults");
  bool any = false;
  VerifyResult result;
  try {
    result = client.verify(verify, [&](const Fault& fault) {
      any = true;
      std::vector<std::string> fields = {fault.kind, one_line(fault.name), one_line(fault.detail)};
      if (fault.mended) fields.emplace_back(args.dry_run ? "can be mended" : "mended");
      rows.add(join(fields, "\t"), [&](Json& item) { fill(item, fault); });
    });
  } catch (const Error&) {
    // What was found until then stays found.
    if (any) {
      rows.finish();
      ctx.flush();
    }
    throw;
  }
  rows.finish();
  for (const std::string& note : result.notes) ctx.message(note);
  ctx.message("read " + counted(result.objects, "object") + ", " + counted(result.bytes, "byte") +
              "; " + counted(result.faults, "fault") +
              (result.mended > 0 ? ", " + std::to_string(result.mended) +
                                       (args.dry_run ? " can be mended" : " mended")
                                 : ""));
  return result.faults > 0 ? static_cast<int>(Code::integrity) : 0;
}

}  // namespace

constinit const Command kVerify = {
    .name = "verify",
    .group = Group::governing,
    .summary = "read everything again and compare: objects, records, journals, heads",
    .arguments = "[REF]",
    .examples =
        "algoctl verify\n"
        "algoctl verify acme/sentiment@stable\n"
        "algoctl verify --repair --from /backup/store\n",
    .prepare = prepare<VerifyArgs, define, run>,
};

}  // namespace algoctl::cli
