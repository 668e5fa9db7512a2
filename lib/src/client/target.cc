#include "client/target.h"

#include "algoctl/error.h"
#include "base/text.h"
#include "client/working_copy.h"

namespace algoctl {

Target find_target(const UploadOptions& options, const std::string& way_out) {
  const bool named = options.algorithm.has_value();
  if (named && (!options.repoint || options.manifest.empty())) {
    return {*options.algorithm, "", std::nullopt};
  }
  std::string text = read_working_copy(options.manifest);
  if (!options.repoint) return {manifest_name(text, options.manifest), "", std::nullopt};
  ManifestOutline outline = outline_manifest(text, options.manifest);
  if (named && outline.name != *options.algorithm) {
    throw Error(Code::conflict,
                quoted(options.manifest) + " belongs to another algorithm\n  there: " +
                    outline.name.str() + "\n  yours: " + options.algorithm->str(),
                way_out);
  }
  const Algorithm algorithm = outline.name;
  return {algorithm, std::move(text), std::move(outline)};
}

}  // namespace algoctl
