#include "core/mlflow_model.h"

#include <doctest/doctest.h>

#include "unit/core/failure.h"

namespace algoctl {
namespace {

std::string mlflow_failure(const std::string& text) {
  return test::failure([&] { read_mlflow_model(text, "m/MLmodel"); });
}

}  // namespace

TEST_CASE("MLmodel: run, versions, flavors, signature and metadata are kept") {
  const MlflowModel model = read_mlflow_model(
      "artifact_path: model\n"
      "flavors:\n"
      "  python_function:\n"
      "    data: model/data\n"
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
      "    sklearn_version: 1.2.1\n"
      "metadata:\n"
      "  team: nlp\n"
      "  data:\n"
      "    rows: 10\n"
      "    splits: [train, test]\n"
      "mlflow_version: 2.9.2\n"
      "model_size_bytes: 1234\n"
      "model_uuid: 5c1f0d6c\n"
      "run_id: null\n"
      "signature:\n"
      "  inputs: '[{\"type\": \"double\", \"name\": \"x\"}]'\n"
      "  outputs: '[{\"type\": \"long\"}]'\n"
      "  params: null\n"
      "utc_time_created: '2023-12-01 10:11:12.345678'\n",
      "MLmodel");
  const std::map<std::string, std::string> metadata = {
      {"mlflow.artifact_path", "model"},
      {"mlflow.flavors", "python_function,sklearn"},
      {"mlflow.metadata.data.rows", "10"},
      {"mlflow.metadata.data.splits.0", "train"},
      {"mlflow.metadata.data.splits.1", "test"},
      {"mlflow.metadata.team", "nlp"},
      {"mlflow.mlflow_version", "2.9.2"},
      {"mlflow.model_uuid", "5c1f0d6c"},
      {"mlflow.python_function.loader_module", "mlflow.sklearn"},
      {"mlflow.python_function.python_version", "3.11.2"},
      {"mlflow.signature.inputs", "[{\"type\": \"double\", \"name\": \"x\"}]"},
      {"mlflow.signature.outputs", "[{\"type\": \"long\"}]"},
      {"mlflow.utc_time_created", "2023-12-01 10:11:12.345678"},
  };
  CHECK(model.metadata.values() == metadata);
  CHECK(model.files == std::vector<std::string>{"model.pkl", "model/data"});
}

TEST_CASE("MLmodel: one flavor is enough, and paths elsewhere are none of the folder") {
  const MlflowModel model = read_mlflow_model(
      "flavors: {onnx: null, python_function: {data: 's3://b/d', model_path: [x]}}", "MLmodel");
  CHECK(model.metadata.values() ==
        std::map<std::string, std::string>{{"mlflow.flavors", "onnx,python_function"}});
  CHECK(model.files.empty());
}

TEST_CASE("MLmodel: what is none is refused with line and column") {
  struct Case {
    const char* text;
    const char* want;
  };
  for (const Case& c : {
           Case{"", "m/MLmodel:1:1: an MLmodel must be a mapping"},
           Case{"\n- a\n", "m/MLmodel:2:1: an MLmodel must be a mapping"},
           Case{"run_id: x\n", "m/MLmodel:1:1: 'flavors' is missing"},
           Case{"run_id: x\nflavors: {}\n",
                "m/MLmodel:2:10: 'flavors' must be a mapping with at least one flavor"},
           Case{"flavors: sklearn\n",
                "m/MLmodel:1:10: 'flavors' must be a mapping with at least one flavor"},
           Case{"flavors: {a: b}\nmetadata: {x: {y: 1}, x.y: 2}\n",
                "m/MLmodel:2:11: metadata 'mlflow.metadata.x.y' comes twice | nested keys are "
                "joined by dots: rename one of the two"},
           Case{"flavors: {a: b}\nrun_id: \"\\0\"\n",
                "m/MLmodel:2:9: metadata 'mlflow.run_id' has a NUL character"},
           Case{"flavors: {a: b, a: c}\n", "m/MLmodel:1:17: duplicate key 'a'"},
       }) {
    CAPTURE(c.text);
    CHECK(mlflow_failure(c.text) == std::string("usage: ") + c.want);
  }
}

}  // namespace algoctl
