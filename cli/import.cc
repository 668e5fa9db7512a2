#include "algoctl/import.h"

#include "commands.h"

namespace algoctl::cli {

namespace {

struct ImportArgs {
  std::string source;
  std::optional<Algorithm> algorithm;
  std::string notes;
  bool dry_run = false;
};

void define(Options& options, ImportArgs& args) {
  options.argument(args.source, "FILE|FOLDER",
                   "the older platform's model_manifest.json, or an MLflow model folder");
  options.value(args.algorithm, "--algorithm", "OWNER/NAME",
                "the algorithm; default: the manifest's");
  options.value(args.notes, "-m,--message", "NOTES", "what changed");
  options.dry_run(args.dry_run);
}

/// What another program left becomes one version.
std::vector<ImportedVersion> import_foreign(Context& ctx, const ImportArgs& args) {
  ForeignImportOptions foreign{args.source, args.algorithm, args.notes, args.dry_run};
  if (!foreign.algorithm) foreign.algorithm = ctx.own_algorithm();
  const ForeignImportResult result = ctx.writing_client().import_foreign(foreign);
  for (const std::string& warning : result.warnings) ctx.warn(warning);
  for (const UploadedFile& file : result.files) ctx.detail("uploaded " + file.uri);
  return {result.imported};
}

void answer(Context& ctx, const std::vector<ImportedVersion>& versions, bool dry_run) {
  std::vector<std::string> lines;
  for (const ImportedVersion& each : versions) {
    lines.push_back(each.algorithm.str() + "@" + each.version.str());
    if (!each.created) {
      ctx.message(lines.back() + " is there already: nothing was published");
    } else {
      ctx.message((dry_run ? "would publish " : "published ") + lines.back());
    }
  }
  ctx.answer(lines, [&](Json& record) {
    Json list = Json::array();
    for (const ImportedVersion& each : versions) {
      Json entry = Json::object();
      entry.set("algorithm", each.algorithm.str());
      entry.set("version", each.version.str());
      entry.set("created", each.created);
      list.push(std::move(entry));
    }
    record.set("versions", std::move(list));
  });
}

int run(Context& ctx, const ImportArgs& args) {
  answer(ctx, import_foreign(ctx, args), args.dry_run);
  return 0;
}

}  // namespace

constinit const Command kImport = {
    .name = "import",
    .group = Group::making,
    .summary = "publish what another program left: an older manifest, an MLflow model",
    .arguments = "FILE|FOLDER",
    .examples =
        "algoctl import model_manifest.json --algorithm acme/sentiment\n"
        "algoctl import mlruns/0/4f1c/artifacts/model -m 'run 4f1c'\n",
    .prepare = prepare<ImportArgs, define, run>,
};

}  // namespace algoctl::cli
