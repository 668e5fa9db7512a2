#include <set>

#include "algoctl/client.h"
#include "base/text.h"
#include "client/publish_draft.h"
#include "client/publish_objects.h"
#include "client/publish_request.h"
#include "client/state.h"
#include "core/manifest_text.h"

namespace algoctl {

Line Line::parse(const std::string& text) {
  const std::size_t dot = text.find('.');
  try {
    if (dot != std::string::npos) {
      // A version's own rules for its parts.
      const Version version = Version::parse(text + ".0");
      if (version.is_release() && version.build().empty() && text.front() != 'v') {
        return {version.major(), version.minor()};
      }
    }
  } catch (const Error&) {
    // Said below, in terms of a line.
  }
  throw Error(Code::usage, "malformed line " + quoted(text), "write two numbers, such as 1.2");
}

ExpectedVersion ExpectedVersion::parse(const std::string& text) {
  if (text == "none") return {};
  return {Version::parse(text)};
}

PublishResult Client::publish(const PublishOptions& options) {
  check_publish_options(options);
  const std::string text = read_working_copy(options.manifest);
  const ManifestOutline outline = outline_manifest(text, options.manifest);
  const Draft draft{text, options.manifest, outline.version,
                    manifest_essence(text, options.manifest)};
  std::optional<PublishResult> known = known_answer(*state_, outline.name, draft.request, options);
  if (!known) {
    std::set<Digest> sound;
    require_sound(*state_, Manifest::parse(text, options.manifest), sound);
  }
  PublishResult result = known ? *std::move(known) : publish_draft(*state_, draft, options);
  if (!options.dry_run) settle_working_copy(*state_, options.manifest, text, result);
  return result;
}

}  // namespace algoctl
