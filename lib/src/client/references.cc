#include "client/references.h"

#include "algoctl/error.h"
#include "base/text.h"

namespace algoctl {

Reference starting_point(const std::string& text, const Algorithm& own) {
  const bool bare = text.find('/') == std::string::npos && !starts_with(text, "@");
  Reference reference = Reference::parse(bare ? "@" + text : text, own);
  if (reference.label() || reference.algorithm() != own) {
    throw Error(Code::usage, "--from " + quoted(text) + " is no version of " + quoted(own.str()),
                "name a version of the same algorithm, such as `latest` or `@^1`");
  }
  return reference;
}

}  // namespace algoctl
