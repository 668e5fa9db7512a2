#include "base/text.h"
#include "commands.h"
#include "process.h"
#include "provenance.h"
#include "transfer_options.h"

namespace algoctl::cli {

namespace {

struct ReleaseArgs {
  ReleaseOptions release;
  std::string test;
};

void define(Options& options, ReleaseArgs& args) {
  define_upload_options(options, args.release.upload);
  options.value(args.release.from, "--from", "REF",
                "start from this version, not from the working manifest");
  options.value(
      args.test, "--test", "CMD",
      "run CMD on the stored files first; publish only when it exits 0; --dry-run does not run it");
  define_publish_options(options, args.release.publish);
  options.dry_run(args.release.publish.dry_run);
}

/// The gate: CMD, with every slot's path in ALGOCTL_MODEL_<SLOT>.
void run_test(const std::string& command, const std::vector<VerifiedFile>& files) {
  std::map<std::string, std::string> variables;
  for (const VerifiedFile& file : files) variables[file.slot.variable()] = file.path;
  const int status = run_command(command, variables);
  if (status == 0) return;
  throw Error(Code::check_failed,
              "the test " + quoted(command) + " exited with " + std::to_string(status),
              "nothing was published; mend the model or the test and run it again");
}

int run(Context& ctx, const ReleaseArgs& args) {
  ReleaseOptions release = args.release;
  release.upload.manifest = ctx.find_manifest().value_or("");
  release.upload.git_commit = git_commit_of(ctx, release.upload.manifest);
  release.upload.dry_run = release.publish.dry_run;
  release.publish.provenance = provenance_of(
      release.upload.manifest.empty() ? ctx.folder() + "/algorithm.json" : release.upload.manifest);
  if (!args.test.empty()) {
    release.gate = [&](const std::vector<VerifiedFile>& files) { run_test(args.test, files); };
  }
  const ReleaseResult result = ctx.writing_client().release(release);
  for (const UploadedFile& file : result.files) ctx.detail("uploaded " + file.uri);
  answer_published(ctx, result.published, release.publish.dry_run);
  return 0;
}

}  // namespace

constinit const Command kRelease = {
    .name = "release",
    .group = Group::making,
    .summary = "upload, repoint and publish in one step that may be repeated",
    .arguments = "[SLOT=]FILE...",
    .examples =
        "algoctl release model.pkl -m 'nightly retrain'\n"
        "algoctl release --from latest --test 'python3 check.py' model=model.pkl\n",
    .prepare = prepare<ReleaseArgs, define, run>,
};

}  // namespace algoctl::cli
