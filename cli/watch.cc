#include "base/text.h"
#include "commands.h"
#include "locked.h"
#include "process.h"

namespace algoctl::cli {

namespace {

// Commits of this machine are heard of at once; those of others at the next look.
constexpr std::chrono::milliseconds kLook{1000};

struct WatchArgs {
  std::string reference;
  std::string command;
  bool once = false;
  bool prereleases = false;
};

void define(Options& options, WatchArgs& args) {
  options.argument(args.reference, "REF", "OWNER/NAME[@SELECTOR] or data://OWNER/NAME/LABEL");
  options.value(args.command, "--exec", "CMD",
                "run CMD for each, with ALGOCTL_VERSION and ALGOCTL_MODEL_<SLOT> set");
  options.flag(args.once, "--once", "end at the first change");
  options.flag(args.prereleases, "--pre", "let ranges and latest match prereleases");
}

/// One reference that is looked at again and again.
class Watched {
 public:
  Watched(Context& ctx, const WatchArgs& args)
      : ctx_(ctx), args_(args), reference_(ctx.reference(args.reference)) {}

  void begin() {
    ctx_.client().wait_for_commit(kLook);  // from here on nothing is missed
    last_ = look();
    tell();
  }

  /// Waits for what may be a change; true when it was one. What goes wrong is said once, and it
  /// goes on: a registry that cannot be read is no change.
  bool next() {
    ctx_.client().wait_for_commit(kLook);
    closed_ = !ctx_.flush();
    if (closed_) return false;
    try {
      const std::string now = look();
      trouble_.clear();
      if (now == last_) {
        if (owed_) hand_over();
        return false;
      }
      last_ = now;
    } catch (const Error& error) {
      if (error.code() == Code::interrupted) throw;
      if (trouble_ != error.message()) ctx_.warn(error.message() + "; still watching");
      trouble_ = error.message();
      return false;
    }
    tell();
    return true;
  }

  [[nodiscard]] bool read_by_nobody() const { return closed_; }
  /// True when the command has yet to get what was told last.
  [[nodiscard]] bool owes() const { return owed_; }

 private:
  /// What the reference means now.
  std::string look() {
    if (reference_.label()) {
      return ctx_.client().require_label(reference_.algorithm(), *reference_.label()).sha256.str();
    }
    version_ = ctx_.client().require(reference_, {args_.prereleases, {}});
    return version_->version.str();
  }

  void tell() {
    if (version_) warn_of_yank(ctx_, *version_);
    ctx_.answer(last_, [&](Json& record) {
      record.set("algorithm", reference_.algorithm().str());
      record.set("reference", reference_.str());
      record.set("version", reference_.label() ? Json(nullptr) : Json(last_));
      record.set("sha256", reference_.label() ? Json(last_.substr(7)) : Json(nullptr));
    });
    closed_ = !ctx_.flush();
    not_handed_over_.clear();
    if (!args_.command.empty() && !closed_) hand_over();
  }

  /// Runs the command with verified files. What fails is reported once, and watching goes on: with
  /// files that cannot be had now it is tried again at each look.
  void hand_over() {
    owed_ = true;
    try {
      const Reference exactly =
          reference_.label()
              ? reference_
              : Reference(reference_.algorithm(), Selector::exactly(Version::parse(last_)));
      std::map<std::string, std::string> variables{{"ALGOCTL_VERSION", last_}};
      for (const PulledFile& file : ctx_.client().pull(exactly).files) {
        const Slot slot = file.slot ? *file.slot : Slot::parse("model");
        variables[slot.variable()] = file.path;
      }
      owed_ = false;
      const int status = run_command(args_.command, variables);
      if (status != 0) {
        ctx_.warn("the command " + quoted(args_.command) + " exited with " +
                  std::to_string(status));
      }
    } catch (const Error& error) {
      if (error.code() == Code::interrupted) throw;
      if (not_handed_over_ != error.message()) {
        ctx_.warn(last_ + " was not handed to the command: " + error.message() +
                  (owed_ ? "; trying again" : ""));
      }
      not_handed_over_ = error.message();
    }
  }

  Context& ctx_;
  const WatchArgs& args_;
  Reference reference_;
  std::string last_;
  std::optional<VersionInfo> version_;  // none for a label
  std::string trouble_;
  std::string not_handed_over_;  // why
  bool owed_ = false;
  bool closed_ = false;
};

int run(Context& ctx, const WatchArgs& args) {
  Watched watched(ctx, args);
  watched.begin();
  bool changed = false;
  while (!watched.read_by_nobody()) {
    changed = watched.next() || changed;
    if (changed && args.once && !watched.owes()) break;
  }
  return 0;
}

}  // namespace

constinit const Command kWatch = {
    .name = "watch",
    .group = Group::using_versions,
    .summary = "print what a reference means now, and each time that changes",
    .arguments = "REF",
    .examples =
        "algoctl watch acme/sentiment@stable\n"
        "algoctl watch acme/sentiment@^1 --exec 'systemctl reload scorer'\n"
        "algoctl watch data://acme/sentiment/mymodel --once\n",
    .prepare = prepare<WatchArgs, define, run>,
};

}  // namespace algoctl::cli
