#pragma once

#include <string>
#include <vector>

#include "algoctl/archive.h"
#include "client/archive_selection.h"
#include "core/archive_layout.h"
#include "registry/db.h"
#include "store/archive_writer.h"

namespace algoctl {

/// All of an archive that comes from the registry: what it will say, and where everything will be.
struct ArchiveHead {
  ArchiveIndex index;
  std::string text;  ///< of the index
  ArchiveLayout layout;
  std::vector<ArchivedVersion> versions;
};

/// Throws Error{integrity} for rows that are not as they were written, Error{usage} for more than
/// fits into an index.
ArchiveHead draft_archive(Db& db, const std::vector<Selected>& selection);

/// Writes every member before the objects. To be called in the transaction of `draft_archive`.
void write_head(Db& db, const std::vector<Selected>& selection, const ArchiveHead& head,
                ArchiveWriter& writer);

}  // namespace algoctl
