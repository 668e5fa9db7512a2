#pragma once

#include <string>
#include <vector>

#include "options.h"

namespace algoctl::cli {

/// What a word on the command line stands for, as completion needs to know it.
enum class Meaning {
  free_text,        ///< nobody can guess it
  file,             ///< or a folder
  folder,           ///< only a folder
  algorithm,        ///< `owner/name`
  reference,        ///< `owner/name@SELECTOR`, `@SELECTOR`, `data://owner/name/LABEL`
  exact_reference,  ///< `owner/name@VERSION`
  version,
  line,  ///< `1.2`
  channel,
  label,
  slot,
  slot_and_file,   ///< `model=out/model.onnx`, or the file alone
  slot_and_label,  ///< `model=mymodel.pkl`
  command,         ///< of algoctl
  choice,          ///< one of the metavar's own words
};

/// What the value of this option or argument stands for, by its metavar. One of lower-case words
/// with `|` between them (`bash|zsh|fish`) names its choices itself.
Meaning meaning_of(const OptionSpec& spec);

/// False for a metavar that `meaning_of` has never heard of and takes for free text.
bool is_known_metavar(const std::string& metavar);

/// The choices of a metavar: `bash`, `zsh`, `fish`.
std::vector<std::string> choices_of(const std::string& metavar);

}  // namespace algoctl::cli
