#include "registry/chain.h"

namespace algoctl {

Digest digest_of_fields(std::initializer_list<std::string_view> fields) {
  std::string text;
  for (const std::string_view field : fields) {
    text += std::to_string(field.size());
    text += ':';
    text += field;
    text += ',';
  }
  return Digest::of(text);
}

}  // namespace algoctl
