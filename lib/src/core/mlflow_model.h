#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/flat_metadata.h"

namespace algoctl {

/// What the `MLmodel` file of an MLflow model folder says.
struct MlflowModel {
  FlatMetadata metadata;           ///< `mlflow.KEY` of what a version keeps
  std::vector<std::string> files;  ///< paths in the folder that its generic flavor loads
};

/// Reads an `MLmodel`; `where` is what errors call it. Throws Error{usage} with line and column for
/// what parse_yaml refuses, and for a text without flavors.
MlflowModel read_mlflow_model(std::string_view text, std::string_view where);

}  // namespace algoctl
