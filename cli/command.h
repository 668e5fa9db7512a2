#pragma once

#include <functional>
#include <memory>

#include "context.h"
#include "options.h"

namespace algoctl::cli {

/// The part of the overview that a command stands in.
enum class Group { making, using_versions, governing, program };

/// What is left to do once the arguments are read. Returns the exit status.
using Runner = std::function<int(Context&)>;

/// A command: what people read about it, and how it is prepared. One row of the table in
/// commands.h.
struct Command {
  const char* name;  ///< `resolve`, or two words: `registry create`
  Group group;
  const char* summary;    ///< one line, an imperative: `print which version a reference means`
  const char* arguments;  ///< what follows the name in the usage line: `REF`
  const char* examples;   ///< two real ones at least, one per line
  Runner (*prepare)(Options&);  ///< adds the command's options; the runner owns what they set
};

/// The usual `prepare`: an Args on the heap, `define` to bind it to options, `run` to use it.
template <typename Args, void (*kDefine)(Options&, Args&), int (*kRun)(Context&, const Args&)>
Runner prepare(Options& options) {
  auto args = std::make_shared<Args>();
  kDefine(options, *args);
  return [args](Context& ctx) { return kRun(ctx, *args); };
}

}  // namespace algoctl::cli
