#include "algoctl/import.h"

#include "base/text.h"
#include "commands.h"
#include "import_archive.h"

namespace algoctl::cli {

namespace {

struct ImportArgs {
  std::string source;
  std::optional<Algorithm> algorithm;
  std::string notes;
  std::optional<Digest> expect;
  bool dry_run = false;
};

void define(Options& options, ImportArgs& args) {
  options.argument(
      args.source, "FILE|FOLDER",
      "an export, the older platform's model_manifest.json, or an MLflow model folder");
  options.value(args.expect, "--expect", "sha256:HEX",
                "of an export: fail unless it has this digest, as `algoctl export` said it");
  options.value(args.algorithm, "--algorithm", "OWNER/NAME",
                "not of an export: the algorithm; default: the manifest's");
  options.value(args.notes, "-m,--message", "NOTES", "not of an export: what changed",
                parse_text<std::string>);
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
    record.set("digest", nullptr);
    record.set("changed", versions.front().created);
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
  if (is_archive(args.source)) {
    if (args.algorithm || !args.notes.empty()) {
      throw Error(Code::usage, quoted(args.source) + " is an export, which says all of this itself",
                  "leave out --algorithm and -m");
    }
    return import_archive(ctx, {args.source, args.expect, args.dry_run});
  }
  if (args.expect) {
    throw Error(Code::usage, "--expect is about an export, and " + quoted(args.source) + " is none",
                "leave out --expect");
  }
  answer(ctx, import_foreign(ctx, args), args.dry_run);
  return 0;
}

}  // namespace

constinit const Command kImport = {
    .name = "import",
    .group = Group::governing,
    .summary = "bring an export, or publish what another program left",
    .arguments = "FILE|FOLDER",
    .examples =
        "algoctl import sentiment.tar --expect \"$digest\"\n"
        "algoctl import model_manifest.json --algorithm acme/sentiment\n"
        "algoctl import mlruns/0/4f1c/artifacts/model -m 'run 4f1c'\n",
    .prepare = prepare<ImportArgs, define, run>,
};

}  // namespace algoctl::cli
