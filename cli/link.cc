#include "algoctl/stores.h"
#include "base/clock.h"
#include "commands.h"
#include "setting_values.h"

namespace algoctl::cli {

namespace {

/// A signature says its end in whole seconds.
constexpr std::int64_t kRoundingMs = 1000;

struct LinkArgs {
  std::string reference;
  std::optional<Slot> slot;
  std::optional<std::chrono::milliseconds> expires;
};

void define(Options& options, LinkArgs& args) {
  options.argument(args.reference, "REF", "OWNER/NAME[@SELECTOR] or data://OWNER/NAME/LABEL");
  options.value(args.slot, "--slot", "S", "of this slot; may be left out where there is one");
  options.value(args.expires, "--expires", "DURATION",
                "how long the link is good, such as 30m or 2d; default: 1h", parse_duration);
}

/// What was asked for and is not so: nobody should count on it.
void warn_of_end(Context& ctx, const ObjectLink& link, std::int64_t wanted_ms) {
  if (!link.expires_at) {
    ctx.warn("--expires has no effect: the link is the plain URL, which does not expire");
  } else if (*link.expires_at < wanted_ms - kRoundingMs) {
    ctx.warn("the link expires at " + format_time(*link.expires_at) +
             ", sooner than --expires says: the credentials that signed it end then");
  }
}

int run(Context& ctx, const LinkArgs& args) {
  const Reference reference = ctx.reference(args.reference);
  const auto expires = args.expires.value_or(std::chrono::hours(1));
  const auto lifetime = std::chrono::duration_cast<std::chrono::seconds>(expires);
  const std::int64_t wanted = system_now_ms() + std::chrono::milliseconds(lifetime).count();
  const ObjectLink link = Stores(ctx.client()).link(reference, {args.slot, lifetime});
  if (args.expires) warn_of_end(ctx, link, wanted);
  ctx.answer(link.url, [&](Json& record) {
    record.set("url", link.url);
    record.set("expires_at", link.expires_at ? Json(format_time(*link.expires_at)) : Json(nullptr));
    record.set("slot", link.slot ? Json(link.slot->str()) : Json(nullptr));
    record.set("label", link.label.str());
    record.set("sha256", link.sha256.hex());
    record.set("size", link.size);
  });
  return 0;
}

}  // namespace

constinit const Command kLink = {
    .name = "link",
    .group = Group::using_versions,
    .summary = "print a URL by which anybody can get a file for a while",
    .arguments = "REF",
    .examples =
        "curl -fo model \"$(algoctl link acme/sentiment@stable)\"\n"
        "algoctl link acme/sentiment@1.2.3 --slot model --expires 2d\n",
    .prepare = prepare<LinkArgs, define, run>,
};

}  // namespace algoctl::cli
