// parse_yaml on any bytes: refuses with Error{usage}, or gives a tree within the limits, whose
// every value begins inside the text; what an MLmodel keeps of it is limited too.

#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "algoctl/error.h"
#include "base/yaml.h"
#include "core/mlflow_model.h"

namespace {

using algoctl::JsonNode;

constexpr algoctl::JsonLimits kLimits{.bytes = 20000, .depth = 12, .nodes = 1000};

void require(bool holds) {
  if (!holds) std::abort();
}

struct Sum {
  std::size_t nodes = 0;
  std::size_t bytes = 0;
};

void check(const JsonNode& node, std::size_t end, std::size_t depth, Sum& sum) {
  ++sum.nodes;
  sum.bytes += node.text.size();
  require(node.begin <= end && depth <= kLimits.depth);
  require(node.is(JsonNode::Type::string) || node.text.empty());
  for (const JsonNode& item : node.items) check(item, end, depth + 1, sum);
  for (const algoctl::JsonMember& member : node.members) {
    sum.bytes += member.key.size();
    require(member.key_begin <= end);
    require(node.find(member.key) == &member.value);  // no key twice
    check(member.value, end, depth + 1, sum);
  }
}

template <typename Read>
void refuses_or(Read read) {
  try {
    read();
  } catch (const algoctl::Error& error) {
    require(error.code() == algoctl::Code::usage);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  refuses_or([&] {
    const JsonNode root = algoctl::parse_yaml(text, "fuzz", kLimits);
    Sum sum;
    check(root, text.size(), 0, sum);
    require(sum.nodes <= kLimits.nodes && sum.bytes <= kLimits.bytes);
  });
  refuses_or([&] {
    const auto model = algoctl::read_mlflow_model(text, "fuzz");
    require(model.metadata.values().size() <= algoctl::FlatMetadata::kMost);
  });
  return 0;
}
