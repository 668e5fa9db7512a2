#pragma once

#include "algoctl/archive.h"
#include "context.h"

namespace algoctl::cli {

/// `import FILE` of what `export` wrote: brings it, says what came of it, prints its versions.
int import_archive(Context& ctx, const ImportOptions& options);

}  // namespace algoctl::cli
