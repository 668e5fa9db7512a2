#include "records.h"

#include "base/clock.h"
#include "base/text.h"

namespace algoctl::cli {

Json text_or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

std::string one_line(std::string text) { return printable(std::move(text)); }

namespace {

Json version_or_null(const std::optional<Version>& version) {
  return version ? Json(version->str()) : Json(nullptr);
}

}  // namespace

Json models_record(const std::vector<ModelFile>& models) {
  Json record = Json::object();
  for (const ModelFile& model : models) {
    Json entry = Json::object();
    entry.set("uri", model.uri());
    entry.set("label", model.label.str());
    entry.set("sha256", model.sha256.hex());
    entry.set("size", model.size);
    record.set(model.slot.str(), std::move(entry));
  }
  return record;
}

void fill_published(Json& record, const PublishResult& result) {
  record.set("algorithm", result.algorithm.str());
  record.set("version", result.version.str());
  record.set("previous", version_or_null(result.previous));
  record.set("created", result.created);
  record.set("manifest_sha256", result.manifest_sha256.hex());
  Json channels = Json::array();
  for (const std::string& channel : result.channels) channels.push(channel);
  record.set("channels", std::move(channels));
}

void fill_version(Json& record, const VersionInfo& version, const std::vector<ModelFile>& models) {
  record.set("manifest_sha256", version.manifest_sha256.hex());
  record.set("published_at", format_time(version.published_at));
  record.set("published_by", version.published_by);
  record.set("previous", version_or_null(version.previous));
  record.set("notes", text_or_null(version.notes));
  record.set("yanked", version.yank.has_value());
  record.set("yank_reason", version.yank ? text_or_null(version.yank->reason) : Json(nullptr));
  record.set("yank_replacement",
             version.yank ? version_or_null(version.yank->replacement) : Json(nullptr));
  Json git = Json::object();
  git.set("commit", text_or_null(version.provenance.commit));
  git.set("remote", text_or_null(version.provenance.remote));
  git.set("dirty", Json(version.provenance.dirty));
  record.set("git", std::move(git));
  record.set("models", models_record(models));
}

}  // namespace algoctl::cli
