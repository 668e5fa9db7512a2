#include <algorithm>

#include "algoctl/error.h"
#include "base/file.h"
#include "base/text.h"
#include "client/foreign.h"
#include "core/mlflow_model.h"

namespace algoctl {
namespace {

/// True when `path` is one of the folder's files, or a folder of them.
bool is_there(const std::vector<ForeignFile>& files, const std::string& path) {
  return std::any_of(files.begin(), files.end(), [&](const ForeignFile& file) {
    const std::string& slot = file.incoming.slot->str();
    return slot == path || starts_with(slot, path + "/");
  });
}

/// A folder that was copied halfway is found before it becomes a version.
void require_named_files(const std::vector<ForeignFile>& files, const MlflowModel& model,
                         const std::string& where) {
  for (const std::string& named : model.files) {
    std::string path = named;
    while (starts_with(path, "./")) path.erase(0, 2);
    while (!path.empty() && path.back() == '/') path.pop_back();
    if (path.empty() || path == "." || is_there(files, path)) continue;
    throw Error(Code::not_found,
                quoted(where) + " names " + quoted(named) + ", which is not in its folder",
                "copy the whole model folder");
  }
}

}  // namespace

ForeignSource open_mlflow_folder(const std::string& folder, const Algorithm& algorithm) {
  ForeignSource source;
  source.where = in_folder(folder, "MLmodel");
  const auto text = read_file(source.where, kLargestForeign);
  if (!text) throw Error(Code::not_found, "there is no file " + quoted(source.where));
  const MlflowModel model = read_mlflow_model(*text, source.where);
  UploadOptions upload;
  upload.files = {{folder, std::nullopt}};
  for (Incoming& incoming : expand_sources(upload, ManifestOutline{algorithm, std::nullopt, {}})) {
    const bool read_already = incoming.slot->str() == "MLmodel";
    source.files.push_back(
        {std::move(incoming), read_already ? std::optional(Digest::of(*text)) : std::nullopt});
  }
  const ForeignFile& first = source.files.front();
  const std::string& label = first.incoming.pattern;
  source.folder = label.substr(0, label.size() - first.incoming.slot->str().size() - 1);
  require_named_files(source.files, model, source.where);
  source.metadata = model.metadata.values();
  return source;
}

}  // namespace algoctl
