#include <algorithm>

#include "algoctl/client.h"
#include "base/file.h"
#include "base/text.h"
#include "client/repoint.h"
#include "client/storing.h"
#include "client/target.h"

namespace algoctl {

UploadResult Client::upload(const UploadOptions& options) {
  const Target target = find_target(options);
  const auto incoming = expand_sources(options, target.outline);
  if (options.expect && incoming.size() != 1) {
    throw Error(Code::usage, "--expect speaks of one label", "upload the files one by one");
  }
  const Taken taken = options.replace ? Taken::move : Taken::refuse;
  UploadResult result;
  if (target.outline) result.manifest = absolute_path(options.manifest);
  std::vector<Arrived> files;
  if (options.dry_run) {
    state_->registry.read([&](Db& db) { check_collision(db, target.algorithm); });
    state_->foresee_store();
    files = foresee_files(*state_, target.algorithm, incoming, options, taken);
  } else {
    files = store_files(*state_, target.algorithm, incoming, options, taken);
    try {
      name_files(*state_, target.algorithm, files, options, taken);
    } catch (...) {
      abandon_files(*state_, files);
      throw;
    }
    if (target.outline) repoint(*state_, options.manifest, target, files);
  }
  for (const Arrived& file : files) {
    result.files.push_back(file.answer(target.algorithm, target.outline.has_value()));
    if (!file.warning.empty()) result.warnings.push_back(file.warning);
  }
  return result;
}

}  // namespace algoctl
