#include "import_archive.h"

#include <algorithm>

#include "base/text.h"

namespace algoctl::cli {

namespace {

std::string count_versions(std::size_t number) {
  return std::to_string(number) + (number == 1 ? " version" : " versions");
}

std::string said(const ImportResult& result, const ImportOptions& options) {
  const auto is_new = [](const ArchivedVersion& each) { return each.created; };
  const auto fresh = static_cast<std::size_t>(
      std::count_if(result.versions.begin(), result.versions.end(), is_new));
  if (!result.changed) return "all of " + quoted_path(options.file) + " is here already";
  std::string text = options.dry_run ? "would import " : "imported ";
  if (fresh == 0) return text + "history; no version is new";
  text += count_versions(fresh);
  const std::size_t there = result.versions.size() - fresh;
  if (there == 0) return text;
  return text + "; " + count_versions(there) + (there == 1 ? " was" : " were") + " here already";
}

}  // namespace

int import_archive(Context& ctx, const ImportOptions& options) {
  const ImportResult result = ctx.writing_client().import_archive(options);
  for (const std::string& warning : result.warnings) ctx.warn(warning);
  ctx.message(said(result, options));
  std::vector<std::string> lines;
  for (const ArchivedVersion& each : result.versions) {
    lines.push_back(each.algorithm.str() + "@" + each.version.str());
  }
  ctx.answer(lines, [&](Json& record) {
    record.set("digest", result.digest.str());
    record.set("changed", result.changed);
    Json list = Json::array();
    for (const ArchivedVersion& each : result.versions) {
      list.push(Json::object()
                    .set("algorithm", each.algorithm.str())
                    .set("version", each.version.str())
                    .set("created", each.created));
    }
    record.set("versions", std::move(list));
  });
  return 0;
}

}  // namespace algoctl::cli
