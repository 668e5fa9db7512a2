#include "registry/commit_watch.h"

#include "base/file.h"
#include "registry/generation.h"

namespace algoctl {

// The folder, since the file may not be there yet.
CommitWatch::CommitWatch(const std::string& registry)
    : folder_(folder_of(registry), [name = name_of(generation_file(registry))](
                                       std::string_view changed) { return changed == name; }) {}

}  // namespace algoctl
