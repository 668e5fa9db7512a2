#include "locked.h"

#include "base/text.h"

namespace algoctl::cli {

Pin locked_pin(Context& ctx, const Reference& reference) {
  if (reference.label()) {
    throw Error(Code::usage,
                "--locked speaks of versions, and " + quoted(reference.str()) + " is a label",
                "write " + reference.algorithm().str() + ", or leave out --locked");
  }
  const auto lock = read_lock(ctx.lock_path());
  if (!lock) {
    throw Error(Code::lock_mismatch, "there is no lock file " + quoted(ctx.lock_path()),
                "make one with `algoctl pin " + reference.str() + "`");
  }
  const Pin& pin = lock->require(reference);
  ctx.client().check(pin, true);
  return pin;
}

VersionInfo locked_version(Context& ctx, const Reference& reference) {
  const Pin pin = locked_pin(ctx, reference);
  return ctx.client().require(Reference(pin.algorithm, Selector::exactly(pin.version)));
}

void warn_of_yank(Context& ctx, const VersionInfo& version) {
  warn_of_yank(ctx, version.algorithm, version.version, version.yank);
}

void warn_of_yank(Context& ctx, const Algorithm& algorithm, const Version& version,
                  const std::optional<Yank>& yank) {
  if (!yank) return;
  std::string text = algorithm.str() + "@" + version.str() + " is yanked";
  if (!yank->reason.empty()) text += ": " + printable(yank->reason);
  if (yank->replacement) text += "; use " + yank->replacement->str();
  ctx.warn(text);
}

}  // namespace algoctl::cli
