#include "support/foreign.h"

#include <filesystem>
#include <fstream>

namespace fs = std::filesystem;

namespace algoctl::test {

const char* const kOlderManifest = R"({
    "required_files": [
        {
            "name": "model",
            "source_uri": "data://acme/sentiment/model.pkl",
            "fail_on_tamper": true,
            "metadata": {
                "note": "it's Zoë's",
                "accuracy": 0.93,
                "rows": 100000000000000000000,
                "rate": 0.00001
            }
        }
    ],
    "optional_files": [
        {
            "name": "vocab",
            "source_uri": "s3://bucket/vocab.txt",
            "fail_on_tamper": false,
            "metadata": {}
        }
    ]
}
)";

const char* const kOlderFreeze =
    R"({"required_files": [{"name": "model", "source_uri": "data://acme/sentiment/model.pkl", )"
    R"("fail_on_tamper": true, "metadata": {"note": "it's Zo\u00eb's", "accuracy": 0.93, )"
    R"("rows": 100000000000000000000, "rate": 1e-05}, )"
    R"("md5_checksum": "63f4f1e9b725370f459720575cd5f953"}], "optional_files": [{"name": "vocab", )"
    R"("source_uri": "s3://bucket/vocab.txt", "fail_on_tamper": false, "metadata": {}}], )"
    R"("timestamp": "1551312000.123", "lock_checksum": "cf2e923ae9e1fb9af312557f006686ad"})";

void write_mlflow_folder(const std::string& folder, const std::string& run,
                         const std::string& model_bytes) {
  fs::create_directories(folder);
  const auto write = [&](const char* name, const std::string& bytes) {
    std::ofstream(folder + "/" + name, std::ios::binary) << bytes;
  };
  write(
      "MLmodel",
      "artifact_path: model\n"
      "flavors:\n"
      "  python_function:\n"
      "    env:\n"
      "      conda: conda.yaml\n"
      "      virtualenv: python_env.yaml\n"
      "    loader_module: mlflow.sklearn\n"
      "    model_path: model.pkl\n"
      "    predict_fn: predict\n"
      "    python_version: 3.11.2\n"
      "  sklearn:\n"
      "    code: null\n"
      "    pickled_model: model.pkl\n"
      "    serialization_format: cloudpickle\n"
      "    sklearn_version: 1.2.1\n"
      "mlflow_version: 2.9.2\n"
      "model_size_bytes: 713\n"
      "model_uuid: 8a5b2ac1e6b44d3d9a1c5c0f6b1d2e3f\n"
      "run_id: " +
          run +
          "\n"
          "signature:\n"
          "  inputs: '[{\"type\": \"tensor\", \"tensor-spec\": {\"dtype\": \"float64\", "
          "\"shape\":\n"
          "    [-1, 4]}}]'\n"
          "  outputs: '[{\"type\": \"tensor\", \"tensor-spec\": {\"dtype\": \"int64\", \"shape\": "
          "[-1]}}]'\n"
          "  params: null\n"
          "utc_time_created: '2023-12-01 10:11:12.345678'\n");
  write("conda.yaml",
        "channels:\n"
        "- conda-forge\n"
        "dependencies:\n"
        "- python=3.11.2\n"
        "- pip<=23.0.1\n"
        "- pip:\n"
        "  - mlflow==2.9.2\n"
        "  - scikit-learn==1.2.1\n"
        "name: mlflow-env\n");
  write("model.pkl", model_bytes);
  write("python_env.yaml",
        "python: 3.11.2\n"
        "build_dependencies:\n"
        "- pip==23.0.1\n"
        "dependencies:\n"
        "- -r requirements.txt\n");
  write("requirements.txt", "mlflow==2.9.2\nscikit-learn==1.2.1\n");
}

}  // namespace algoctl::test
