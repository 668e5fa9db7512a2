#include <utility>

#include "algoctl/reload_options.h"
#include "base/text.h"

namespace algoctl {
namespace {

std::string slot_name(const PulledFile& file) { return file.slot ? file.slot->str() : "model"; }

std::vector<std::string> slot_names(const PullResult& pulled) {
  std::vector<std::string> names;
  for (const PulledFile& file : pulled.files) names.push_back(slot_name(file));
  return names;
}

}  // namespace

Files::Files(ModelVersion version, PullResult pulled)
    : version_(std::move(version)), pulled_(std::move(pulled)) {}

const std::string& Files::path() const {
  if (pulled_.files.size() == 1) return pulled_.files.front().path;
  throw Error(Code::usage,
              pulled_.algorithm.str() + " has " + std::to_string(pulled_.files.size()) +
                  " slots, and none was named: " + join(slot_names(pulled_), ", "),
              "ask for one of them: path(\"" + slot_names(pulled_).front() + "\")");
}

const std::string& Files::path(std::string_view slot) const {
  for (const PulledFile& file : pulled_.files) {
    if (slot_name(file) == slot) return file.path;
  }
  const auto names = slot_names(pulled_);
  const std::string hint = did_you_mean(std::string(slot), names);
  throw Error(Code::not_found,
              pulled_.algorithm.str() + " has no slot " + quoted(std::string(slot)),
              hint.empty() ? "there are: " + join(names, ", ") : hint);
}

}  // namespace algoctl
