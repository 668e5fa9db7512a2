#include <doctest/doctest.h>

#include <filesystem>

#include "support/foreign.h"
#include "unit/client/shelf.h"
#include "unit/core/failure.h"

using namespace algoctl;
using test::failure;
using test::Shelf;

namespace {

ForeignImportResult import(Shelf& shelf, const std::string& source) {
  return shelf.client.import_foreign({source, shelf.name, "", false});
}

std::string labels_of(const ForeignImportResult& result) {
  std::string labels;
  for (const UploadedFile& file : result.files) labels += file.label.str() + " ";
  return labels;
}

std::string mlflow(const Shelf& shelf, const std::string& name, const std::string& bytes) {
  const std::string folder = shelf.folder / name;
  test::write_mlflow_folder(folder, "run-" + bytes, bytes);
  return folder;
}

}  // namespace

TEST_CASE("import: an MLflow folder becomes a version with every file in a slot of its path") {
  Shelf shelf;
  const ForeignImportResult result = import(shelf, mlflow(shelf, "runs/a/model", "january"));
  CHECK(result.imported.algorithm == shelf.name);
  CHECK(result.imported.version.str() == "1.0.0");
  CHECK(result.imported.created);
  CHECK(result.warnings.empty());
  CHECK(labels_of(result) ==
        "model/MLmodel model/conda.yaml model/model.pkl model/python_env.yaml "
        "model/requirements.txt ");
  const UploadedFile& model = result.files.at(2);
  CHECK(model.slot->str() == "model.pkl");
  CHECK(model.uri == "data://acme/sentiment/model/model.pkl");
  CHECK(model.sha256 == Digest::of("january"));
  CHECK(model.size == 7);
  CHECK(model.stored);
}

TEST_CASE("import: the same source is the same version, whatever came in between") {
  Shelf shelf;
  const std::string january = mlflow(shelf, "a/model", "january");
  const std::string february = mlflow(shelf, "b/model", "february");
  CHECK(import(shelf, january).imported.version.str() == "1.0.0");
  CHECK(import(shelf, february).imported.version.str() == "1.1.0");
  const std::string working = test::read(shelf.manifest);
  for (const auto& [source, version] : {std::pair{january, "1.0.0"}, {february, "1.1.0"}}) {
    const ForeignImportResult again = import(shelf, source);
    CHECK(again.imported.version.str() == version);
    CHECK_FALSE(again.imported.created);
    CHECK_FALSE(again.files.at(0).stored);
    CHECK(again.warnings.empty());
  }
  CHECK(test::read(shelf.manifest) == working);
}

TEST_CASE("import: a folder whose labels are taken goes under another name as a whole") {
  Shelf shelf;
  import(shelf, mlflow(shelf, "a/model", "january"));
  const ForeignImportResult february = import(shelf, mlflow(shelf, "b/model", "february"));
  const std::string label = february.files.at(0).label.str();
  const std::string folder = label.substr(0, label.find('/'));
  CHECK(folder.size() == std::string("model-").size() + 12);
  CHECK(labels_of(february) == folder + "/MLmodel " + folder + "/conda.yaml " + folder +
                                   "/model.pkl " + folder + "/python_env.yaml " + folder +
                                   "/requirements.txt ");
  const auto pulled = shelf.client.pull(shelf.ref("1.1.0"));
  for (const PulledFile& file : pulled.files) {
    const auto path = std::filesystem::path(file.path);
    CHECK(path.parent_path().filename() == folder);
    CHECK(path.filename() == file.slot->str());
  }
  CHECK(shelf.client.require_label(shelf.name, Label::parse("model/model.pkl")).sha256 ==
        Digest::of("january"));
}

TEST_CASE("import: an older manifest takes part in the algorithm's own numbers and labels") {
  Shelf shelf;
  shelf.folder.write("older/model_manifest.json", test::kOlderManifest);
  shelf.folder.write("older/model_manifest.json.freeze", test::kOlderFreeze);
  shelf.folder.write("older/model.pkl", "weights");
  shelf.upload("other", "model.pkl");
  shelf.client.publish(shelf.publishing());
  const ForeignImportResult result = import(shelf, shelf.folder / "older/model_manifest.json");
  CHECK(result.imported.version.str() == "1.1.0");
  CHECK(labels_of(result) == "model-" + Digest::of("weights").hex().substr(0, 12) + ".pkl ");
  const VersionInfo version = shelf.client.require(shelf.ref("1.1.0"));
  CHECK(shelf.client.metadata(version) ==
        std::map<std::string, std::string>{{"manifest.timestamp", "1551312000.123"},
                                           {"model.accuracy", "0.93"},
                                           {"model.note", "it's Zoë's"},
                                           {"model.rate", "1e-05"},
                                           {"model.rows", "100000000000000000000"}});
}

TEST_CASE("import: what it stores is what it compared with the freeze") {
  Shelf shelf;
  const std::string vocab = shelf.folder.write("older/vocab.txt", "old words");
  const std::string freeze = shelf.folder.write(
      "older/freeze.json",
      R"({"required_files": [{"name": "a", "source_uri": "a", "md5_checksum":)"
      R"( "0cc175b9c0f1b6a831c399e269772661"}, {"name": "vocab", "source_uri": "vocab.txt",)"
      R"( "md5_checksum": "1073479aad1b58cbf4230f72744bc82a"}], "lock_checksum": "42cc5873972c5de25b290020b9645035"})");
  shelf.folder.write("older/a", "a");
  ClientOptions options = shelf.options();
  bool changed = false;
  options.now = [&] {  // asked while the first file is on its way, after both were compared
    if (!changed) shelf.folder.write("older/vocab.txt", "new words");
    changed = true;
    return std::int64_t{1551312000000};
  };
  Client client(options);
  CHECK(failure([&] {
          client.import_foreign({freeze, shelf.name, "", false});
        }) == "storage: '" + vocab +
                  "' changed while it was read | try again once whatever writes it " +
                  "has finished");
  CHECK(client.labels(shelf.name).empty());
  CHECK(client.algorithms() == std::vector{shelf.name});
  CHECK_FALSE(client.resolve(shelf.ref("latest")));
}

TEST_CASE("import: without an algorithm nothing is read but what kind of source it is") {
  Shelf shelf;
  const std::string folder = mlflow(shelf, "m", "january");
  CHECK(failure([&] {
          shelf.client.import_foreign({folder, std::nullopt, "", false});
        }) == "usage: nothing says which algorithm '" + folder + "' belongs to | name it with " +
                  "--algorithm OWNER/NAME, or run this beside its algorithm.json");
}
