#include <algorithm>

#include "base/clock.h"
#include "base/text.h"
#include "commands.h"
#include "records.h"
#include "times.h"

namespace algoctl::cli {

namespace {

struct LogArgs {
  std::optional<Algorithm> algorithm;
  std::string channel;
  std::optional<std::int64_t> since;
  std::optional<std::int64_t> until;
};

void define(Options& options, LogArgs& args) {
  options.optional_argument(args.algorithm, "OWNER/NAME", "the algorithm; default: all of them");
  options.value(args.channel, "--channel", "C", "only what happened to this channel");
  options.value(args.since, "--since", "TIME", "not before; a date means the beginning of that day",
                parse_begin);
  options.value(args.until, "--until", "TIME", "not after; a date means the end of that day",
                parse_end);
}

/// What an event is about: within one algorithm a plain name, else an address.
std::string subject_of(const LogEvent& event, bool alone) {
  const std::string& name = event.name;
  const std::string owner = event.algorithm.str();
  if (event.event == "annotate") return (alone ? "" : owner + "@") + event.version + " " + name;
  if (alone) return name;
  if (event.event == "label") return "data://" + owner + "/" + name;
  return name.empty() ? owner : owner + "@" + name;
}

std::string line_of(const LogEvent& event, bool alone) {
  std::vector<std::string> fields = {format_time(event.at),
                                     event.who,
                                     event.event,
                                     subject_of(event, alone),
                                     event.from,
                                     event.to,
                                     event.why};
  for (std::string& field : fields) field = one_line(field);
  return join(fields, "\t");
}

void fill(Json& item, const LogEvent& event) {
  item.set("algorithm", event.algorithm.str());
  item.set("sequence", event.sequence);
  item.set("time", format_time(event.at));
  item.set("who", event.who);
  item.set("event", event.event);
  item.set("version", text_or_null(event.version));
  item.set("name", text_or_null(event.name));
  item.set("from", text_or_null(event.from));
  item.set("to", text_or_null(event.to));
  item.set("why", text_or_null(event.why));
  item.set("digest", event.digest.hex());
  item.set("imported_from", event.origin_at ? Json(format_time(*event.origin_at)) : Json(nullptr));
}

int run(Context& ctx, const LogArgs& args) {
  Rows rows = ctx.rows("events");
  const LogOptions log{args.algorithm, args.channel, args.since, args.until};
  ctx.client().log(log, [&](const LogEvent& event) {
    return rows.add(line_of(event, args.algorithm.has_value()),
                    [&](Json& item) { fill(item, event); });
  });
  rows.finish();
  return 0;
}

}  // namespace

constinit const Command kLog = {
    .name = "log",
    .group = Group::using_versions,
    .summary = "print what happened when, and who did it, newest first",
    .arguments = "[OWNER/NAME]",
    .examples =
        "algoctl log acme/sentiment\n"
        "algoctl log acme/sentiment --channel stable --until 2026-03-03\n",
    .prepare = prepare<LogArgs, define, run>,
};

}  // namespace algoctl::cli
