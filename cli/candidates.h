#pragma once

#include <string>
#include <vector>

#include "context.h"
#include "reading.h"

namespace algoctl::cli {

/// A word that may stand at the cursor, and what it is: one line, short, safe to show, or empty.
/// After one that ends with `@`, `/`, `:` or `=` the word goes on.
struct Candidate {
  std::string word;
  std::string description;
};

/// Whether paths may stand at the cursor too; those the shell knows better.
enum class Paths { none, files, folders };

/// What may stand at the cursor.
struct Candidates {
  std::vector<Candidate> list;
  Paths paths = Paths::none;
  std::string before;  ///< the part of the word that stands before a path: `model=`
};

/// What may replace `word`, the last of a line, in the order to be shown. Asks the registry only
/// when the answer is in there; without one there are fewer candidates, never an error.
Candidates candidates_for(const Reading& reading, const std::string& word, Context& ctx);

}  // namespace algoctl::cli
