#include <algorithm>

#include "algoctl/client.h"
#include "base/file.h"
#include "base/text.h"
#include "client/foreign.h"
#include "client/publish_draft.h"
#include "client/storing.h"
#include "core/manifest_text.h"
#include "core/older_manifest.h"

namespace algoctl {
namespace {

constexpr const char* kUnderstood =
    "import takes what `algoctl export` wrote, the older platform's model_manifest.json or its "
    "freeze, and an MLflow model folder or its MLmodel";

[[noreturn]] void refuse_source(const std::string& path, const std::string& what) {
  throw Error(Code::usage, quoted(path) + " is " + what, kUnderstood);
}

/// True when the file begins as a JSON object does. Reads little of it, whatever its size.
bool may_be_json(const std::string& path) {
  ObjectSource file = ObjectSource::open(path);
  std::string begin(4096, '\0');
  begin.resize(file.read(begin.data(), begin.size(), nullptr));
  const std::size_t first = begin.find_first_not_of(" \t\r\n");
  return first != std::string::npos && begin[first] == '{';
}

enum class Kind { older_manifest, mlflow_folder, mlflow_file };

/// What a source is, by what is in it.
Kind kind_of(const std::string& path) {
  const auto info = stat_if_there(path);
  if (!info) {
    throw Error(Code::not_found, "there is no file or folder " + quoted(path),
                "check the path and the current folder");
  }
  if (S_ISDIR(info->st_mode)) {
    if (stat_if_there(in_folder(path, "MLmodel"))) return Kind::mlflow_folder;
    refuse_source(path, "a folder without an MLmodel");
  }
  if (!S_ISREG(info->st_mode)) refuse_source(path, "neither a file nor a folder");
  if (name_of(path) == "MLmodel") return Kind::mlflow_file;
  if (may_be_json(path)) {
    const auto text = read_file(path, kLargestForeign);
    if (text && is_older_manifest(parse_json(*text, path))) return Kind::older_manifest;
  }
  refuse_source(path, "nothing that import understands");
}

ForeignSource open_source(Kind kind, const std::string& path, const Algorithm& algorithm,
                          const TransferOptions& options) {
  switch (kind) {
    case Kind::older_manifest: return open_older_manifest(path, options);
    case Kind::mlflow_file: return open_mlflow_folder(folder_of(path), algorithm);
    case Kind::mlflow_folder: break;
  }
  return open_mlflow_folder(path, algorithm);
}

/// A folder some of whose labels name other bytes goes under another name as a whole: its files
/// load one another by their paths.
void keep_together(std::vector<Arrived>& files, const ForeignSource& source) {
  bool renamed = false;
  std::vector<std::string> facts;
  for (std::size_t i = 0; i < files.size(); ++i) {
    renamed = renamed || files[i].label.str() != source.files[i].incoming.pattern;
    facts.push_back(files[i].slot->str());
    facts.push_back(files[i].sha256.hex());
  }
  if (!renamed || source.folder.empty()) return;
  std::string all;
  for (const std::string& fact : facts) all += std::to_string(fact.size()) + ":" + fact + ",";
  const std::string folder = source.folder + "-" + Digest::of(all).hex().substr(0, 12) + "/";
  for (Arrived& file : files) file.label = Label::parse(folder + file.slot->str());
}

/// What was judged before it was stored must be what was stored.
void require_judged(const std::vector<Arrived>& files, const ForeignSource& source) {
  for (std::size_t i = 0; i < files.size(); ++i) {
    const ForeignFile& file = source.files[i];
    if (!file.judged || *file.judged == files[i].sha256) continue;
    throw Error(Code::storage, quoted_path(file.incoming.path) + " changed while it was read",
                "try again once whatever writes it has finished");
  }
}

/// The manifest says what the source says and nothing else: the same source is the same version
/// again, whatever was published in between.
Draft draft_of(const Algorithm& algorithm, const std::vector<Arrived>& files,
               const ForeignSource& source) {
  std::vector<ModelFile> models;
  for (const Arrived& file : files) models.push_back(file.model(algorithm));
  const std::string text = new_manifest(algorithm, models, std::nullopt);
  return {text,         "the manifest of " + quoted(source.where),
          std::nullopt, manifest_essence(text, source.where),
          std::nullopt, "the source's metadata"};
}

class ForeignImport {
 public:
  ForeignImport(ClientState& state, const ForeignImportOptions& options, ForeignSource source)
      : state_(state), options_(options), source_(std::move(source)) {
    for (const ForeignFile& file : source_.files) incoming_.push_back(file.incoming);
    publish_.notes = options.notes;
    publish_.metadata = source_.metadata;
    publish_.force = true;  // no working copy that could be stale
    publish_.dry_run = options.dry_run;
  }

  ForeignImportResult run() { return options_.dry_run ? foresee() : store_and_publish(); }

 private:
  [[nodiscard]] const Algorithm& algorithm() const { return *options_.algorithm; }

  ForeignImportResult foresee() {
    state_.registry.read([&](Db& db) { check_collision(db, algorithm()); });
    auto files = foresee_files(state_, algorithm(), incoming_, upload_, Taken::rename);
    settle(files);
    return answer(files,
                  foresee_publish(state_, draft_of(algorithm(), files, source_), publish_, files));
  }

  ForeignImportResult store_and_publish() {
    auto files = store_files(state_, algorithm(), incoming_, upload_, Taken::rename);
    try {
      settle(files);
      name_files(state_, algorithm(), files, upload_, Taken::rename);
    } catch (...) {
      abandon_files(state_, files);
      throw;
    }
    return answer(files, publish_draft(state_, draft_of(algorithm(), files, source_), publish_));
  }

  void settle(std::vector<Arrived>& files) const {
    require_judged(files, source_);
    keep_together(files, source_);
  }

  ForeignImportResult answer(const std::vector<Arrived>& files, const PublishResult& published) {
    ForeignImportResult result{
        {published.algorithm, published.version, published.created}, {}, source_.warnings};
    for (const Arrived& file : files) {
      result.files.push_back(file.answer(algorithm(), true));
      if (!file.warning.empty()) result.warnings.push_back(file.warning);
    }
    result.warnings.insert(result.warnings.end(), published.warnings.begin(),
                           published.warnings.end());
    return result;
  }

  ClientState& state_;
  const ForeignImportOptions& options_;
  ForeignSource source_;
  std::vector<Incoming> incoming_;
  UploadOptions upload_;
  PublishOptions publish_;
};

}  // namespace

std::string in_folder(const std::string& folder, const std::string& name) {
  if (folder.empty() || folder == ".") return name;
  return folder.back() == '/' ? folder + name : folder + "/" + name;
}

ForeignImportResult Client::import_foreign(const ForeignImportOptions& options) {
  const Kind kind = kind_of(options.source);
  if (!options.algorithm) {
    throw Error(Code::usage,
                "nothing says which algorithm " + quoted(options.source) + " belongs to",
                "name it with --algorithm OWNER/NAME, or run this beside its algorithm.json");
  }
  TransferOptions reading;
  reading.stop = state_->options.stop;
  ForeignSource source = open_source(kind, options.source, *options.algorithm, reading);
  return ForeignImport(*state_, options, std::move(source)).run();
}

}  // namespace algoctl
