#include "commands.h"
#include "import_archive.h"

namespace algoctl::cli {

namespace {

void define(Options& options, ImportOptions& args) {
  options.argument(args.file, "FILE", "what `algoctl export` wrote");
  options.value(args.expect, "--expect", "sha256:HEX",
                "fail unless it is the export with this digest, as `algoctl export` said it");
  options.dry_run(args.dry_run);
}

int run(Context& ctx, const ImportOptions& args) { return import_archive(ctx, args); }

}  // namespace

constinit const Command kImport = {
    .name = "import",
    .group = Group::governing,
    .summary = "bring the versions, files and history of an export",
    .arguments = "FILE",
    .examples =
        "algoctl import sentiment.tar\n"
        "algoctl import sentiment.tar --expect \"$digest\"\n",
    .prepare = prepare<ImportOptions, define, run>,
};

}  // namespace algoctl::cli
