#include "commands.h"
#include "transfer_options.h"

namespace algoctl::cli {

namespace {

struct UploadArgs {
  UploadOptions upload;
  bool no_manifest = false;
};

void define(Options& options, UploadArgs& args) {
  define_upload_options(options, args.upload);
  options.value(args.upload.expect, "--expect", "sha256:HEX",
                "fail unless the label names this object, or none, now");
  options.flag(args.no_manifest, "--no-manifest", "leave the manifest as it is");
  options.dry_run(args.upload.dry_run);
}

Json file_record(const UploadedFile& file) {
  Json record = Json::object();
  record.set("slot", file.slot ? Json(file.slot->str()) : Json(nullptr));
  record.set("uri", file.uri);
  record.set("label", file.label.str());
  record.set("sha256", file.sha256.hex());
  record.set("size", file.size);
  record.set("stored", file.stored);
  record.set("external", file.external ? Json(*file.external) : Json(nullptr));
  return record;
}

int run(Context& ctx, const UploadArgs& args) {
  UploadOptions upload = args.upload;
  upload.repoint = !args.no_manifest;
  upload.manifest = ctx.find_manifest().value_or("");
  upload.git_commit = git_commit_of(ctx, upload.manifest);
  const UploadResult result = ctx.writing_client().upload(upload);
  for (const std::string& warning : result.warnings) ctx.warn(warning);
  std::vector<std::string> lines;
  for (const UploadedFile& file : result.files) {
    lines.push_back(file.uri);
    if (file.external) {
      ctx.detail(file.label.str() + ": the bytes stay at " + *file.external);
    } else if (!file.stored) {
      ctx.detail(file.label.str() + ": the store has these bytes already");
    }
  }
  ctx.answer(lines, [&](Json& record) {
    Json files = Json::array();
    for (const UploadedFile& file : result.files) files.push(file_record(file));
    record.set("files", std::move(files));
    record.set("manifest", Json(result.manifest));
  });
  return 0;
}

}  // namespace

constinit const Command kUpload = {
    .name = "upload",
    .group = Group::making,
    .summary = "store files, record their labels, point the manifest's slots at them",
    .arguments = "[SLOT=]FILE...",
    .examples =
        "algoctl upload mymodel-201902.pkl\n"
        "algoctl upload model=out/model.onnx tokenizer=out/tokenizer.json\n"
        "algoctl upload model.pkl --as 'mymodel-{month}{ext}'\n"
        "algoctl upload retrained.pkl --as mymodel.pkl --replace\n"
        "algoctl upload s3://bucket/model.pkl\n",
    .prepare = prepare<UploadArgs, define, run>,
};

}  // namespace algoctl::cli
