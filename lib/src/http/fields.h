#pragma once

#include <string>
#include <string_view>

#include "http/message.h"

namespace algoctl::http {

/// Letters A to Z in lower case.
std::string lower(std::string_view text);
/// Without blanks at both ends, each run of blanks inside as one.
std::string fold_blanks(std::string_view value);

/// Removes every field of this name, in any case.
void remove_field(Fields& fields, std::string_view name);
/// One field of this name, in place of those that are there.
void set_field(Fields& fields, std::string name, std::string value);

}  // namespace algoctl::http
