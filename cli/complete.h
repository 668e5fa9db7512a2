#pragma once

#include <string>
#include <vector>

#include "console.h"
#include "output.h"

namespace algoctl::cli {

// The scripts of `algoctl completion` ask the program what may stand at the cursor:
//
//   algoctl __complete line LINE [PIECE]
//   algoctl __complete words WORD...
//
// LINE is a command line up to the cursor, still quoted; PIECE the part of its last word that the
// shell is going to replace, when that is not all of it. The WORDs follow the program's name and
// bear no quotes. The answer's first line says which paths may stand there too, which the shell
// finds itself: `none`, `files` or `folders`, a tab, and the part of the word before them. Each
// further line is a candidate, a tab, and what it is.

/// True for the arguments of such a question.
bool is_completion_request(const std::vector<std::string>& arguments);

/// Answers it. Whatever goes wrong, nothing is said on stderr, where somebody is typing. Returns
/// the exit status, 0.
int run_completion_request(const std::vector<std::string>& arguments, Output& output,
                           Console& console);

}  // namespace algoctl::cli
