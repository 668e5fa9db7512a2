#pragma once

#include <string_view>

#include "base/json.h"

namespace algoctl {

/// Parses one YAML document (1.1, UTF-8 without byte order mark) into the tree that JSON gives:
/// mappings become objects, sequences arrays, scalars strings as they read, whatever they mean to
/// others; only an unquoted `null`, `~` or nothing at all is null. Aliases are filled in; tags are
/// not looked at; an empty text is null. Offsets are those where a value begins, `end` is not set.
/// `where` is what errors call the text. Throws Error{usage} `WHERE:LINE:COLUMN: …` for malformed
/// text, a key that is no scalar or stands twice, an alias of what is not complete, more than one
/// document, invalid UTF-8, or more than the limits, which also hold with all aliases filled in.
JsonNode parse_yaml(std::string_view text, std::string_view where, const JsonLimits& limits = {});

}  // namespace algoctl
