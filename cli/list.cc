#include "base/clock.h"
#include "base/text.h"
#include "commands.h"
#include "records.h"

namespace algoctl::cli {

namespace {

struct ListArgs {
  std::optional<Algorithm> algorithm;
  bool labels = false;
};

void define(Options& options, ListArgs& args) {
  options.optional_argument(args.algorithm, "OWNER/NAME", "list its versions, highest first");
  options.flag(args.labels, "--labels", "list its labels instead");
}

/// Every record has every field, null but for what is listed, which comes last.
Rows rows_of(Context& ctx, const char* listed, const std::optional<Algorithm>& algorithm) {
  return ctx.rows(listed, [&](Json& head) {
    head.set("algorithm", algorithm ? Json(algorithm->str()) : Json(nullptr));
    for (const char* field : {"algorithms", "versions", "labels"}) {
      if (std::string_view(field) != listed) head.set(field, nullptr);
    }
  });
}

int list_algorithms(Context& ctx) {
  Rows rows = rows_of(ctx, "algorithms", std::nullopt);
  for (const Algorithm& algorithm : ctx.client().algorithms()) {
    rows.add(algorithm.str(), [&](Json& item) { item.set("algorithm", algorithm.str()); });
  }
  rows.finish();
  return 0;
}

void fill_summary(Json& item, const VersionSummary& version) {
  item.set("version", version.version.str());
  item.set("published_at", format_time(version.published_at));
  item.set("notes", text_or_null(version.notes));
  item.set("yanked", version.yank.has_value());
  Json channels = Json::array();
  for (const std::string& channel : version.channels) channels.push(channel);
  item.set("channels", std::move(channels));
  item.set("size", version.size);
}

int list_versions(Context& ctx, const Algorithm& algorithm) {
  Rows rows = rows_of(ctx, "versions", algorithm);
  ctx.client().versions(algorithm, [&](const VersionSummary& version) {
    return rows.add(version.version.str(), [&](Json& item) { fill_summary(item, version); });
  });
  rows.finish();
  return 0;
}

int list_labels(Context& ctx, const Algorithm& algorithm) {
  const std::vector<LabelInfo> labels = ctx.client().labels(algorithm);
  Rows rows = rows_of(ctx, "labels", algorithm);
  for (const LabelInfo& label : labels) {
    rows.add(label.label.str(), [&](Json& item) {
      item.set("label", label.label.str());
      item.set("sha256", label.sha256.hex());
      item.set("size", label.size);
      item.set("moved_at", format_time(label.moved_at));
    });
  }
  rows.finish();
  return 0;
}

int run(Context& ctx, const ListArgs& args) {
  if (!args.algorithm) {
    if (args.labels) {
      throw Error(Code::usage, "--labels needs an algorithm", "write list OWNER/NAME --labels");
    }
    return list_algorithms(ctx);
  }
  return args.labels ? list_labels(ctx, *args.algorithm) : list_versions(ctx, *args.algorithm);
}

}  // namespace

constinit const Command kList = {
    .name = "list",
    .group = Group::using_versions,
    .summary = "list algorithms, or an algorithm's versions or labels",
    .arguments = "[OWNER/NAME]",
    .examples =
        "algoctl list\n"
        "algoctl list acme/sentiment\n"
        "algoctl list acme/sentiment --labels\n",
    .prepare = prepare<ListArgs, define, run>,
};

}  // namespace algoctl::cli
