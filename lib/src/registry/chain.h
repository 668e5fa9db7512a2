#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "algoctl/digest.h"

namespace algoctl {

/// The digest of a list of fields, each written as `LENGTH:BYTES,` (a netstring, cr.yp.to/proto),
/// so that no two lists have one text (docs/formats.md, "Records and chain").
Digest digest_of_fields(std::initializer_list<std::string_view> fields);

}  // namespace algoctl
