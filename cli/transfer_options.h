#pragma once

#include <string>

#include "algoctl/publish.h"
#include "algoctl/upload.h"
#include "context.h"
#include "options.h"

namespace algoctl::cli {

// Options that `upload`, `publish` and `release` share, so that they mean the same in each.

/// FILE…, --as, --replace, --copy, --algorithm.
void define_upload_options(Options& options, UploadOptions& upload);

/// --bump, --version, --pre, --line, -m, --expect, --channel, --meta, --idempotency-key,
/// --allow-duplicate, --force, --allow-external.
void define_publish_options(Options& options, PublishOptions& publish);

/// What `{git}` stands for: the commit of the manifest's folder, or of this one.
std::function<std::string()> git_commit_of(Context& ctx, const std::string& manifest);

/// What an option of the form K=V says. Throws Error{usage}.
std::pair<std::string, std::string> parse_pair(const std::string& text);

/// Prints what a publish wants said, and its number as the answer.
void answer_published(Context& ctx, const PublishResult& result, bool dry_run);

}  // namespace algoctl::cli
