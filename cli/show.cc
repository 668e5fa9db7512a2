#include <functional>

#include "base/clock.h"
#include "base/text.h"
#include "commands.h"
#include "locked.h"
#include "records.h"

namespace algoctl::cli {

namespace {

struct ShowArgs {
  std::string reference;
  std::vector<std::string> fields;
  bool manifest = false;
  bool prereleases = false;
};

void define(Options& options, ShowArgs& args) {
  options.argument(args.reference, "REF", "the version to show");
  options.arguments(args.fields, "FIELD", "print the bare values of these fields", 0);
  options.flag(args.manifest, "--manifest", "print the published manifest's bytes");
  options.flag(args.prereleases, "--pre", "let ranges and latest match prereleases");
}

/// A version's fields with their values as text, in the order people read them.
using Fields = std::vector<std::pair<std::string, std::string>>;

std::string dirty_text(const std::optional<bool>& dirty) {
  if (!dirty) return "";
  return *dirty ? "true" : "false";
}

Fields fields_of(const VersionInfo& version, const Manifest& manifest,
                 const std::map<std::string, std::string>& metadata,
                 const std::vector<std::string>& channels) {
  Fields fields = {
      {"algorithm", version.algorithm.str()},
      {"version", version.version.str()},
      {"sequence", std::to_string(version.sequence)},
      {"previous", version.previous ? version.previous->str() : ""},
      {"published_at", format_time(version.published_at)},
      {"published_by", version.published_by},
      {"notes", version.notes},
      {"channels", join(channels, " ")},
      {"yanked", version.yank ? "true" : "false"},
      {"yank_reason", version.yank ? version.yank->reason : ""},
      {"manifest_sha256", version.manifest_sha256.hex()},
      {"git_commit", version.provenance.commit},
      {"git_remote", version.provenance.remote},
      {"git_dirty", dirty_text(version.provenance.dirty)},
  };
  for (const auto& [key, value] : metadata) fields.emplace_back("meta." + key, value);
  for (const ModelFile& model : manifest.models) {
    const std::string prefix = "models." + model.slot.str() + ".";
    fields.emplace_back(prefix + "uri", model.uri());
    fields.emplace_back(prefix + "label", model.label.str());
    fields.emplace_back(prefix + "sha256", model.sha256.hex());
    fields.emplace_back(prefix + "size", std::to_string(model.size));
  }
  return fields;
}

std::vector<std::string> chosen(const Fields& fields, const std::vector<std::string>& wanted) {
  std::vector<std::string> lines;
  for (const std::string& name : wanted) {
    bool found = false;
    for (const auto& [field, value] : fields) {
      if (field != name) continue;
      lines.push_back(one_line(value));
      found = true;
    }
    if (found) continue;
    std::vector<std::string> known;
    for (const auto& [field, value] : fields) known.push_back(field);
    const std::string hint = did_you_mean(name, known);
    throw Error(Code::usage, "unknown field " + quoted(name),
                hint.empty() ? "one of: " + join(known, ", ") : hint);
  }
  return lines;
}

/// Names in one column, values in the next; what is empty is left out.
std::vector<std::string> table(const Fields& fields) {
  std::size_t width = 0;
  for (const auto& [field, value] : fields) {
    if (!value.empty()) width = std::max(width, field.size());
  }
  std::vector<std::string> lines;
  for (const auto& [field, value] : fields) {
    if (value.empty()) continue;
    lines.push_back(field + std::string(width + 2 - field.size(), ' ') + one_line(value));
  }
  return lines;
}

int run(Context& ctx, const ShowArgs& args) {
  if (args.manifest && !args.fields.empty()) {
    throw Error(Code::usage, "--manifest prints all of it, and fields were named too",
                "leave out --manifest or " + join(args.fields, " "));
  }
  const VersionInfo version =
      ctx.client().require(ctx.reference(args.reference), {args.prereleases});
  warn_of_yank(ctx, version);
  if (args.manifest) {
    ctx.write(ctx.client().manifest_bytes(version.manifest_sha256));
    return 0;
  }
  const Manifest manifest = ctx.client().manifest(version.manifest_sha256);
  const auto metadata = ctx.client().metadata(version);
  const auto channels = ctx.client().channels(version);
  const Fields fields = fields_of(version, manifest, metadata, channels);
  const auto lines = args.fields.empty() ? table(fields) : chosen(fields, args.fields);
  ctx.answer(lines, [&](Json& record) {
    record.set("algorithm", version.algorithm.str());
    record.set("version", version.version.str());
    record.set("sequence", version.sequence);
    fill_version(record, version, manifest.models);
    Json names = Json::array();
    for (const std::string& channel : channels) names.push(channel);
    record.set("channels", std::move(names));
    Json notes = Json::object();
    for (const auto& [key, value] : metadata) notes.set(key, value);
    record.set("meta", std::move(notes));
  });
  return 0;
}

}  // namespace

constinit const Command kShow = {
    .name = "show",
    .group = Group::using_versions,
    .summary = "print all that is known of a version",
    .arguments = "REF [FIELD...]",
    .examples =
        "algoctl show acme/sentiment@1.2.3\n"
        "algoctl show acme/sentiment models.model.sha256\n"
        "algoctl show acme/sentiment --manifest\n",
    .prepare = prepare<ShowArgs, define, run>,
};

}  // namespace algoctl::cli
