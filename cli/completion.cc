#include "base/text.h"
#include "commands.h"
#include "completion_scripts.h"
#include "meaning.h"

namespace algoctl::cli {

namespace {

constexpr const char* kShells = "bash|zsh|fish";

struct CompletionArgs {
  std::string shell;
};

std::string parse_shell(const std::string& text) {
  if (!completion_script(text).empty()) return text;
  const std::vector<std::string> shells = choices_of(kShells);
  const std::string hint = did_you_mean(text, shells);
  throw Error(Code::usage, "no completion for shell " + quoted(text),
              hint.empty() ? "one of: " + join(shells, ", ") : hint);
}

void define(Options& options, CompletionArgs& args) {
  options.argument(args.shell, kShells, "the shell that is to complete algoctl's words",
                   parse_shell);
}

int run(Context& ctx, const CompletionArgs& args) {
  const std::string script(completion_script(args.shell));
  if (!ctx.json()) {
    ctx.write(script);
    return 0;
  }
  ctx.answer("", [&](Json& record) {
    record.set("shell", args.shell);
    record.set("script", script);
  });
  return 0;
}

}  // namespace

constinit const Command kCompletion = {
    .name = "completion",
    .group = Group::program,
    .summary = "print the script by which a shell completes algoctl's words",
    .arguments = kShells,
    .examples =
        "source <(algoctl completion bash)\n"
        "algoctl completion fish > ~/.config/fish/completions/algoctl.fish\n",
    .prepare = prepare<CompletionArgs, define, run>,
};

}  // namespace algoctl::cli
