#pragma once

#include <string>
#include <vector>

#include "command.h"

// Every command, one line each, in the order of the overview: kInit is defined in init.cc.
#define ALGOCTL_COMMANDS(X) \
  X(kInit)                  \
  X(kUpload)                \
  X(kUse)                   \
  X(kPublish)               \
  X(kRelease)               \
  X(kResolve)               \
  X(kPull)                  \
  X(kLink)                  \
  X(kPin)                   \
  X(kOutdated)              \
  X(kList)                  \
  X(kShow)                  \
  X(kLog)                   \
  X(kDiff)                  \
  X(kWatch)                 \
  X(kPromote)               \
  X(kRollback)              \
  X(kYank)                  \
  X(kAnnotate)              \
  X(kReplicas)              \
  X(kMirror)                \
  X(kGc)                    \
  X(kVerify)                \
  X(kDoctor)                \
  X(kExport)                \
  X(kImport)                \
  X(kConfig)                \
  X(kCompletion)

namespace algoctl::cli {

#define ALGOCTL_DECLARE(command) extern const Command command;
ALGOCTL_COMMANDS(ALGOCTL_DECLARE)
#undef ALGOCTL_DECLARE

const std::vector<const Command*>& commands();

/// The command of that name, or nullptr.
const Command* find_command(const std::string& name);

/// True when `word` is the first of a command's two words.
bool is_command_prefix(const std::string& word);

/// Throws Error{usage} naming the nearest command.
[[noreturn]] void throw_unknown_command(const std::string& name);

}  // namespace algoctl::cli
