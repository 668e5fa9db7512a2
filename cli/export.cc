#include "algoctl/archive.h"
#include "base/text.h"
#include "commands.h"

namespace algoctl::cli {

namespace {

struct ExportArgs {
  std::vector<std::string> references;
  ExportOptions exporting;
};

void define(Options& options, ExportArgs& args) {
  options.arguments(args.references, "REF",
                    "a version, or OWNER/NAME alone for all its versions and labels", 0);
  options.value(args.exporting.file, "-o,--output", "FILE",
                "the file; one that is there is replaced");
  options.flag(args.exporting.all, "--all", "every algorithm of the registry");
  options.value(args.exporting.since, "--since", "V",
                "of the one OWNER/NAME, only what was published after this version");
  options.flag(args.exporting.prereleases, "--pre", "let ranges and latest match prereleases");
  options.dry_run(args.exporting.dry_run);
}

std::string count(std::size_t number, const std::string& thing) {
  return std::to_string(number) + " " + thing + (number == 1 ? "" : "s");
}

int run(Context& ctx, const ExportArgs& args) {
  if (args.exporting.file == "-") {
    throw Error(Code::usage,
                "-o -: an export is a file that it can go on with, not standard output",
                "name a file; ./- for one of that name");
  }
  ExportOptions exporting = args.exporting;
  for (const std::string& text : args.references) {
    exporting.references.push_back(ctx.reference(text));
  }
  const ExportResult result = ctx.client().export_archive(exporting);
  const std::string what = quoted_path(exporting.file);
  if (result.written) {
    ctx.message((exporting.dry_run ? "would export " : "exported ") +
                count(result.versions.size(), "version") + " to " + what);
  } else {
    ctx.message(what + " is this export already");
  }
  ctx.message("digest " + result.digest.str());
  std::vector<std::string> lines;
  for (const ArchivedVersion& each : result.versions) {
    lines.push_back(each.algorithm.str() + "@" + each.version.str());
  }
  ctx.answer(lines, [&](Json& record) {
    record.set("file", exporting.file);
    record.set("digest", result.digest.str());
    record.set("size", result.size);
    record.set("written", result.written);
    Json list = Json::array();
    for (const ArchivedVersion& each : result.versions) {
      list.push(
          Json::object().set("algorithm", each.algorithm.str()).set("version", each.version.str()));
    }
    record.set("versions", std::move(list));
  });
  return 0;
}

}  // namespace

constinit const Command kExport = {
    .name = "export",
    .group = Group::governing,
    .summary = "write versions with their files and history into one file",
    .arguments = "REF... -o FILE",
    .examples =
        "algoctl export acme/sentiment -o sentiment.tar\n"
        "algoctl export acme/sentiment --since 1.2.0 -o news.tar\n"
        "algoctl export --all -o everything.tar\n",
    .prepare = prepare<ExportArgs, define, run>,
};

}  // namespace algoctl::cli
