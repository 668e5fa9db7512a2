#include "registry/commit_watch.h"

#include "registry/generation.h"

namespace algoctl {

CommitWatch::CommitWatch(const std::string& registry, bool deaf)
    : file_(deaf ? PathWatch::nothing() : PathWatch::file(generation_file(registry))) {}

}  // namespace algoctl
