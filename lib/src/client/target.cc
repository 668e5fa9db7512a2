#include "client/target.h"

#include "algoctl/error.h"
#include "base/text.h"
#include "client/working_copy.h"

namespace algoctl {

Target find_target(const UploadOptions& options) {
  const bool named = options.algorithm.has_value();
  if (named && (!options.repoint || options.manifest.empty())) {
    return {*options.algorithm, "", std::nullopt};
  }
  std::string text = read_working_copy(options.manifest);
  ManifestOutline outline = outline_manifest(text, options.manifest);
  if (named && outline.name != *options.algorithm) {
    throw Error(Code::conflict,
                quoted(options.manifest) + " belongs to another algorithm\n  there: " +
                    outline.name.str() + "\n  yours: " + options.algorithm->str(),
                "leave it as it is with --no-manifest");
  }
  const Algorithm algorithm = outline.name;
  if (!options.repoint) return {algorithm, "", std::nullopt};
  return {algorithm, std::move(text), std::move(outline)};
}

}  // namespace algoctl
