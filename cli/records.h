#pragma once

#include <string>
#include <vector>

#include "algoctl/manifest.h"
#include "algoctl/publish.h"
#include "algoctl/resolve.h"
#include "base/json.h"

namespace algoctl::cli {

// Parts of the JSON records that several commands print.

/// Slot to `uri, label, sha256, size`.
Json models_record(const std::vector<ModelFile>& models);

/// Sets what `publish` and `release` answer.
void fill_published(Json& record, const PublishResult& result);

/// Sets what `resolve` and `show` say of a version.
void fill_version(Json& record, const VersionInfo& version, const std::vector<ModelFile>& models);

/// Line ends, tabs and whatever else a terminal obeys as spaces: one field of one line.
std::string one_line(std::string text);

/// A string, or null when it is empty.
Json text_or_null(const std::string& text);

}  // namespace algoctl::cli
