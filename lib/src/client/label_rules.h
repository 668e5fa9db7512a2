#pragma once

#include <optional>

#include "client/storing.h"
#include "registry/labels.h"

namespace algoctl {

/// What the label names, or nullopt.
std::optional<LabelInfo> label_now(Db& db, const Algorithm& algorithm, const Label& label);

/// `{stem}-{sha}{ext}` in the label's folder.
Label renamed(const Label& label, const Digest& sha256);

/// Throws Error{conflict} when the upload may not give the label these bytes; `there` is what it
/// names now.
void check_label(const std::optional<LabelInfo>& there, const Label& label, const Digest& yours,
                 const UploadOptions& options, Taken taken);

}  // namespace algoctl
