#include "transfer_options.h"

#include "base/file.h"
#include "base/text.h"
#include "meaning.h"
#include "provenance.h"
#include "records.h"

namespace algoctl::cli {

namespace {

constexpr const char* kBumps = "major|minor|patch|revision";

Bump parse_bump(const std::string& text) {
  if (text == "major") return Bump::major;
  if (text == "minor") return Bump::minor;
  if (text == "patch" || text == "revision") return Bump::patch;
  const std::vector<std::string> bumps = choices_of(kBumps);
  const std::string hint = did_you_mean(text, bumps);
  throw Error(Code::usage, "unknown part " + quoted(text),
              hint.empty() ? "one of: " + join(bumps, ", ") : hint);
}

}  // namespace

std::pair<std::string, std::string> parse_pair(const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0) {
    throw Error(Code::usage, "malformed pair " + quoted(text), "write KEY=VALUE");
  }
  return {text.substr(0, equals), text.substr(equals + 1)};
}

void define_upload_options(Options& options, UploadOptions& upload) {
  options.arguments(
      upload.files, "[SLOT=]FILE",
      "a file, a folder, the URL of an object that stays there, or - for standard input (needs "
      "--as)",
      1);
  options.value(
      upload.label, "--as", "LABEL",
      "the label of the one FILE; {date}, {month}, {sha}, {git}, {stem}, {ext} are filled in");
  options.flag(upload.replace, "--replace", "let a label move to other bytes");
  options.flag(upload.copy, "--copy", "store the bytes of a URL too");
  options.value(upload.algorithm, "--algorithm", "OWNER/NAME",
                "the algorithm; default: the manifest's");
}

void define_publish_options(Options& options, PublishOptions& publish) {
  options.value(publish.bump, "--bump", kBumps,
                "the number to raise; default: minor; revision is patch", parse_bump);
  options.value(publish.version, "--version", "V", "exactly this number");
  options.value(publish.prerelease, "--pre", "ID", "a prerelease: X.Y.Z-ID.1, ID.2 and so on");
  options.value(publish.line, "--line", "X.Y", "the next patch on this line; latest stays");
  options.value(publish.notes, "-m,--message", "NOTES", "what changed", parse_text<std::string>);
  options.value(publish.expect, "--expect", "V", "fail unless V, or none, is the newest version");
  options.list(publish.channels, "--channel", "C", "make this channel name the version too");
  options.list(publish.metadata, "--meta", "K=V", "metadata, such as accuracy=0.93", parse_pair);
  options.value(publish.idempotency_key, "--idempotency-key", "K",
                "the same key and request get the same answer, for ever");
  options.flag(publish.allow_duplicate, "--allow-duplicate",
               "publish although a version says the same");
  options.flag(publish.force, "--force", "publish although the working copy is stale");
  options.flag(publish.allow_external, "--allow-external",
               "publish although bytes stay where others may change them");
}

std::function<std::string()> git_commit_of(Context& ctx, const std::string& manifest) {
  return [folder = manifest.empty() ? ctx.folder() : folder_of(manifest)] {
    return git_commit(folder);
  };
}

void answer_published(Context& ctx, const PublishResult& result, bool dry_run) {
  for (const std::string& warning : result.warnings) ctx.warn(warning);
  const std::string name = result.algorithm.str() + "@" + result.version.str();
  if (!result.created) {
    ctx.message(name + " says the same: nothing was published");
  } else {
    ctx.message((dry_run && !result.repeated ? "would publish " : "published ") + name);
  }
  ctx.answer(result.version.str(), [&](Json& record) { fill_published(record, result); });
}

}  // namespace algoctl::cli
