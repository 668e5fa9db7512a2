#include <doctest/doctest.h>

#include <filesystem>

#include "base/text.h"
#include "support/foreign.h"
#include "support/shop.h"

namespace fs = std::filesystem;

namespace algoctl::test {
namespace {

constexpr const char* kRun = "d5f1a6c0b7e84d2fa3c9e1b2a4f60718";

struct MlflowShop : Started {
  [[nodiscard]] std::string folder(const std::string& name, const std::string& bytes,
                                   const std::string& run = kRun) const {
    write_mlflow_folder(work() + "/" + name, run, bytes);
    write(name + "/model.pkl", bytes);  // waits until the clock of files has moved on
    return name;
  }
};

}  // namespace

TEST_CASE("import: an MLflow folder becomes a version, once") {
  const MlflowShop shop;
  const std::string folder = shop.folder("mlruns/0/run/artifacts/model", "weights");
  const std::string manifest = shop.manifest();
  auto result = shop.algoctl({"import", folder, "-m", "first run"});
  CHECK(result.exit == 0);
  CHECK(result.out == "acme/sentiment@1.0.0\n");
  CHECK(result.err == "algoctl: published acme/sentiment@1.0.0\n");
  CHECK(shop.answer({"list", "acme/sentiment", "--labels"}) ==
        "model/MLmodel\nmodel/conda.yaml\nmodel/model.pkl\nmodel/python_env.yaml\n"
        "model/requirements.txt");
  CHECK(shop.answer({"show", "@1.0.0", "notes", "meta.mlflow.run_id", "meta.mlflow.flavors",
                     "meta.mlflow.mlflow_version", "meta.mlflow.signature.inputs"}) ==
        "first run\n" + std::string(kRun) +
            "\npython_function,sklearn\n2.9.2\n"
            R"([{"type": "tensor", "tensor-spec": {"dtype": "float64", "shape": [-1, 4]}}])");
  CHECK(shop.manifest() == manifest);
  const std::string before = shop.state();
  for (const std::string& again : {folder, folder + "/", folder + "/MLmodel"}) {
    result = shop.algoctl({"import", again});
    CHECK(result.exit == 0);
    CHECK(result.out == "acme/sentiment@1.0.0\n");
    CHECK(result.err == "algoctl: acme/sentiment@1.0.0 is there already: nothing was published\n");
  }
  CHECK(shop.algoctl({"import", "MLmodel", "--algorithm", "acme/sentiment"},
                     {.cwd = shop.work() + "/" + folder})
            .out == "acme/sentiment@1.0.0\n");
  CHECK(shop.state() == before);
}

TEST_CASE("import: a retrained MLflow model of the same name is the next version, whole") {
  const MlflowShop shop;
  CHECK(shop.answer({"import", shop.folder("a/model", "january", "one")}) ==
        "acme/sentiment@1.0.0");
  const Arguments again = {"import", shop.folder("b/model", "february", "two")};
  Arguments dry = again;
  dry.insert(dry.end(), {"--dry-run", "-v"});
  const std::string before = shop.state();
  const auto foreseen = shop.algoctl(dry);
  CHECK(shop.state() == before);
  CHECK(foreseen.out == "acme/sentiment@1.1.0\n");
  CHECK(shop.answer(again) == "acme/sentiment@1.1.0");
  const std::string folder = shop.answer({"pull", "acme/sentiment", "--dir"});
  const std::string name = names_in(folder);
  CHECK(name.size() == std::string("model-").size() + 12);
  CHECK(names_in(folder + "/" + name) ==
        "MLmodel conda.yaml model.pkl python_env.yaml requirements.txt");
  CHECK(read(folder + "/" + name + "/model.pkl") == "february");
  CHECK(
      starts_with(foreseen.err, "algoctl: uploaded data://acme/sentiment/" + name + "/MLmodel\n"));
  CHECK(read(shop.answer({"pull", "@1.0.0", "--dir"}) + "/model/model.pkl") == "january");
}

TEST_CASE("import: a real model of scikit-learn predicts what it predicted before") {
  const MlflowShop shop;
  const std::string python = "/usr/bin/python3";  // the one that Debian's packages are for
  const auto script = [&](const std::string& text) {
    return shop.inside({.env = {}, .input = text});
  };
  if (!fs::exists(python) || run({python, "-"}, script("import sklearn, joblib")).exit != 0) {
    MESSAGE("NOT TESTED: python3-sklearn and python3-joblib are not installed");
    return;
  }
  const std::string folder = shop.folder("model", "");
  const auto trained =
      run({python, "-"}, script("import joblib\n"
                                "from sklearn.datasets import load_iris\n"
                                "from sklearn.linear_model import LogisticRegression\n"
                                "x, y = load_iris(return_X_y=True)\n"
                                "model = LogisticRegression(max_iter=500).fit(x, y)\n"
                                "joblib.dump(model, 'model/model.pkl')\n"
                                "print(model.predict(x).tolist())\n"));
  REQUIRE(trained.exit == 0);
  CHECK(shop.answer({"import", folder}) == "acme/sentiment@1.0.0");
  fs::remove_all(shop.work() + "/model");
  const auto loaded = run({python, "-"}, script("import joblib\n"
                                                "from sklearn.datasets import load_iris\n"
                                                "x, y = load_iris(return_X_y=True)\n"
                                                "model = joblib.load('" +
                                                shop.answer({"pull", "@1.0.0", "--dir"}) +
                                                "/model/model.pkl')\n"
                                                "print(model.predict(x).tolist())\n"));
  CHECK(loaded.exit == 0);
  CHECK(loaded.out.size() > 300);
  CHECK(loaded.out == trained.out);
}

TEST_CASE("import: an MLmodel that is none, or hostile, is refused with file and line") {
  const MlflowShop shop;
  struct Case {
    std::string text;
    const char* want;
    const char* hint = "";
  };
  std::string bomb = "a: &a [x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x]\n";
  for (char c = 'b'; c < 'h'; ++c) {
    const std::string before = "*" + std::string(1, static_cast<char>(c - 1));
    bomb += std::string(1, c) + ": &" + c + " [" + before;
    for (int i = 1; i < 16; ++i) bomb += ", " + before;
    bomb += "]\n";
  }
  for (const Case& c : {
           Case{"", "m/MLmodel:1:1: an MLmodel must be a mapping"},
           Case{"run_id: x\n", "m/MLmodel:1:1: 'flavors' is missing"},
           Case{"flavors:\n  a: b: c\n",
                "m/MLmodel:2:7: mapping values are not allowed in this context"},
           Case{"flavors:\n  a: 1\n  a: 2\n", "m/MLmodel:3:3: duplicate key 'a'"},
           Case{"flavors: *x\n", "m/MLmodel:1:10: no value is complete under '&x'"},
           Case{"a: \xe9\n", "m/MLmodel:1:4: incomplete UTF-8 octet sequence"},
           Case{"flavors:\n  a: " + std::string(100, '[') + "\n",
                "m/MLmodel:2:68: more than 64 levels"},
           Case{bomb, "m/MLmodel:4:4: more than 100000 values"},
           Case{std::string((4 << 20) + 1, '#'), "'m/MLmodel' has more than 4194304 bytes"},
           Case{"a: b\n---\n", "m/MLmodel:2:1: a second document", "keep one document in the file"},
       }) {
    shop.write("m/MLmodel", c.text);
    check_error(shop, {"import", "m"}, 2, c.want, c.hint);
  }
}

TEST_CASE("import: an MLflow folder that cannot become a version as it is") {
  const MlflowShop shop;
  const std::string folder = shop.folder("m", "weights");
  const std::string slot_hint =
      "a slot has at most 255 letters, digits, '_', '.', '+' and '-', in segments joined by '/' "
      "that start with a letter, a digit or '_'";
  shop.write("m/a b", "x");
  check_error(shop, {"import", "m"}, 2, "malformed slot 'a b': ' ' does not fit", slot_hint);
  fs::remove(shop.work() + "/m/a b");
  shop.write("m/model_pkl", "x");
  check_error(shop, {"import", "m"}, 2,
              "slots 'model.pkl' and 'model_pkl' share the environment variable "
              "ALGOCTL_MODEL_MODEL_PKL",
              "rename one of them");
  fs::remove(shop.work() + "/m/model_pkl");
  fs::create_directory_symlink("..", shop.work() + "/m/up");
  check_error(shop, {"import", "m"}, 2, "'m/up' is a link to a folder",
              "put the files themselves into the folder");
  fs::remove(shop.work() + "/m/up");
  fs::remove(shop.work() + "/m/model.pkl");
  check_error(shop, {"import", "m"}, 3, "'m/MLmodel' names 'model.pkl', which is not in its folder",
              "copy the whole model folder");
  fs::remove(shop.work() + "/m/MLmodel");
  fs::create_directory(shop.work() + "/m/MLmodel");
  check_error(shop, {"import", "m"}, 2, "'m/MLmodel' is a folder, not a file");
}

}  // namespace algoctl::test
