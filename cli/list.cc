#include "base/clock.h"
#include "base/text.h"
#include "commands.h"
#include "records.h"

namespace algoctl::cli {

namespace {

struct ListArgs {
  std::optional<Algorithm> algorithm;
  bool labels = false;
  bool channels = false;
  std::string key;
};

void define(Options& options, ListArgs& args) {
  options.optional_argument(args.algorithm, "OWNER/NAME", "list its versions, highest first");
  options.flag(args.labels, "--labels", "list its labels instead");
  options.flag(args.channels, "--channels", "list its channels and what they name instead");
  options.value(args.key, "--meta", "K", "with each version's metadata of this key");
}

/// Every record has every field, null but for what is listed, which comes last.
Rows rows_of(Context& ctx, const char* listed, const ListArgs& args) {
  return ctx.rows(listed, [&](Json& head) {
    head.set("algorithm", args.algorithm ? Json(args.algorithm->str()) : Json(nullptr));
    head.set("key", text_or_null(args.key));
    for (const char* field : {"algorithms", "versions", "labels", "channels"}) {
      if (std::string_view(field) != listed) head.set(field, nullptr);
    }
  });
}

int list_algorithms(Context& ctx, const ListArgs& args) {
  Rows rows = rows_of(ctx, "algorithms", args);
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

/// With a key of their metadata: `1.3.0 0.93`, or the number alone for a version without it.
int list_versions(Context& ctx, const ListArgs& args) {
  const Algorithm& algorithm = *args.algorithm;
  std::map<Version, std::string> values;
  if (!args.key.empty()) values = ctx.client().metadata_by_version(algorithm, args.key);
  Rows rows = rows_of(ctx, "versions", args);
  ctx.client().versions(algorithm, [&](const VersionSummary& version) {
    const auto found = values.find(version.version);
    const bool there = found != values.end();
    const std::string line = version.version.str() + (there ? " " + one_line(found->second) : "");
    return rows.add(line, [&](Json& item) {
      fill_summary(item, version);
      item.set("value", there ? Json(found->second) : Json(nullptr));
    });
  });
  rows.finish();
  if (!args.key.empty() && values.empty()) {
    ctx.message("no version of " + algorithm.str() + " has metadata " + quoted(args.key));
  }
  return 0;
}

int list_channels(Context& ctx, const ListArgs& args) {
  const std::vector<ChannelInfo> channels = ctx.client().channels(*args.algorithm);
  Rows rows = rows_of(ctx, "channels", args);
  for (const ChannelInfo& channel : channels) {
    rows.add(channel.name + " " + channel.version.str(), [&](Json& item) {
      item.set("channel", channel.name);
      item.set("version", channel.version.str());
      item.set("moved_at", format_time(channel.moved_at));
      item.set("moved_by", channel.moved_by);
      item.set("why", text_or_null(channel.why));
      item.set("held", channel.hold.has_value());
      item.set("hold_reason", channel.hold ? text_or_null(*channel.hold) : Json(nullptr));
    });
  }
  rows.finish();
  return 0;
}

int list_labels(Context& ctx, const ListArgs& args) {
  const std::vector<LabelInfo> labels = ctx.client().labels(*args.algorithm);
  Rows rows = rows_of(ctx, "labels", args);
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
  const char* option = args.labels         ? "--labels"
                       : args.channels     ? "--channels"
                       : !args.key.empty() ? "--meta"
                                           : nullptr;
  if (int(args.labels) + int(args.channels) + int(!args.key.empty()) > 1) {
    throw Error(Code::usage, "--labels, --channels and --meta exclude each other",
                "give one of them");
  }
  if (!args.algorithm) {
    if (option == nullptr) return list_algorithms(ctx, args);
    throw Error(Code::usage, std::string(option) + " needs an algorithm",
                std::string("write list OWNER/NAME ") + option);
  }
  if (args.labels) return list_labels(ctx, args);
  if (args.channels) return list_channels(ctx, args);
  return list_versions(ctx, args);
}

}  // namespace

constinit const Command kList = {
    .name = "list",
    .group = Group::using_versions,
    .summary = "list algorithms, or an algorithm's versions, labels or channels",
    .arguments = "[OWNER/NAME]",
    .examples =
        "algoctl list\n"
        "algoctl list acme/sentiment\n"
        "algoctl list acme/sentiment --meta accuracy\n"
        "algoctl list acme/sentiment --channels\n",
    .prepare = prepare<ListArgs, define, run>,
};

}  // namespace algoctl::cli
