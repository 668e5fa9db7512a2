#include "commands.h"
#include "url.h"

namespace algoctl::cli {

namespace {

struct ConfigArgs {};

void define(Options&, ConfigArgs&) {}

int run(Context& ctx, const ConfigArgs&) {
  Rows rows = ctx.rows("settings");
  for (const Setting* setting : ctx.settings().all()) {
    const std::string value = strip_credentials(setting->value);
    rows.add(setting->name + "\t" + value + "\t" + setting->source, [&](Json& item) {
      item.set("name", setting->name);
      item.set("value", value.empty() ? Json(nullptr) : Json(value));
      item.set("source", setting->source);
    });
  }
  rows.finish();
  return 0;
}

}  // namespace

constinit const Command kConfig = {
    .name = "config",
    .group = Group::program,
    .summary = "print each setting and where it came from",
    .arguments = "",
    .examples =
        "algoctl config\n"
        "ALGOCTL_HOME=/srv/models algoctl config --json\n",
    .prepare = prepare<ConfigArgs, define, run>,
};

}  // namespace algoctl::cli
