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
  if (!version.yank) return;
  std::string text = version.algorithm.str() + "@" + version.version.str() + " is yanked";
  if (!version.yank->reason.empty()) text += ": " + version.yank->reason;
  if (version.yank->replacement) text += "; use " + version.yank->replacement->str();
  ctx.warn(text);
}

}  // namespace algoctl::cli
