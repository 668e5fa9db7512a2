#include "registry/commit_watch.h"

#include "base/file.h"
#include "registry/generation.h"

namespace algoctl {

// The folder, since the file may not be there yet.
CommitWatch::CommitWatch(const std::string& registry, bool deaf)
    : folder_(folder_of(registry),
              [deaf, name = name_of(generation_file(registry))](std::string_view changed) {
                return !deaf && changed == name;
              }) {}

}  // namespace algoctl
