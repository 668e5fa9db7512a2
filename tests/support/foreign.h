#pragma once

#include <string>

namespace algoctl::test {

// What other programs left, written as they wrote it.

/// The older platform's manifest of `model` (required, `data://acme/sentiment/model.pkl`) and
/// `vocab` (optional, `s3://bucket/vocab.txt`).
extern const char* const kOlderManifest;

/// Its freeze, written by Python itself, of a model whose bytes are `weights`.
extern const char* const kOlderFreeze;

/// The files of an MLflow 2.9 model of scikit-learn, into FOLDER. `run` tells two such models
/// apart.
void write_mlflow_folder(const std::string& folder, const std::string& run,
                         const std::string& model_bytes);

}  // namespace algoctl::test
