#include "core/plan.h"

#include <algorithm>
#include <charconv>

#include "algoctl/error.h"
#include "base/text.h"
#include "core/scan.h"

namespace algoctl {
namespace {

/// The N of `ID.N`, or nullopt for another prerelease.
std::optional<std::int64_t> number_in_series(const Version& version, const std::string& id) {
  const std::string prefix = id + ".";
  const std::string& text = version.prerelease();
  if (!starts_with(text, prefix)) return std::nullopt;
  std::int64_t number = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data() + prefix.size(), end, number);
  return error == std::errc() && stop == end ? std::optional(number) : std::nullopt;
}

const ModelFile* find(const std::vector<ModelFile>& models, const Slot& slot) {
  const auto found = std::find_if(models.begin(), models.end(),
                                  [&](const ModelFile& model) { return model.slot == slot; });
  return found == models.end() ? nullptr : &*found;
}

bool same_bytes(const ModelFile* a, const ModelFile* b) {
  if (a == nullptr || b == nullptr) return a == b;
  return a->sha256 == b->sha256;
}

Version bumped(const Version& from, Bump bump) {
  switch (bump) {
    case Bump::major: return {from.major() + 1, 0, 0};
    case Bump::patch: return {from.major(), from.minor(), from.patch() + 1};
    case Bump::unset:
    case Bump::minor: break;
  }
  return {from.major(), from.minor() + 1, 0};
}

Version first_release(Bump bump) {
  switch (bump) {
    case Bump::minor: return {0, 1, 0};
    case Bump::patch: return {0, 0, 1};
    case Bump::unset:
    case Bump::major: break;
  }
  return {1, 0, 0};
}

}  // namespace

Version next_release(const std::optional<Version>& highest, const std::optional<Version>& open,
                     Bump bump, bool on_line) {
  if (bump == Bump::unset && open) return {open->major(), open->minor(), open->patch()};
  if (!highest) return first_release(bump);
  return bumped(*highest, bump == Bump::unset && on_line ? Bump::patch : bump);
}

std::optional<Version> highest_of_series(const Version& release, const std::string& id,
                                         const std::vector<Version>& taken) {
  std::optional<std::int64_t> highest;
  for (const Version& version : taken) {
    if (const auto number = number_in_series(version, id)) {
      highest = std::max(*number, highest.value_or(*number));
    }
  }
  if (!highest) return std::nullopt;
  return Version(release.major(), release.minor(), release.patch(),
                 id + "." + std::to_string(*highest));
}

Version next_prerelease(const Version& release, const std::string& id,
                        const std::vector<Version>& taken) {
  const auto highest = highest_of_series(release, id, taken);
  const std::int64_t number = highest ? *number_in_series(*highest, id) + 1 : 1;
  return {release.major(), release.minor(), release.patch(), id + "." + std::to_string(number)};
}

void check_series(const std::string& id) {
  const bool number = !id.empty() && std::all_of(id.begin(), id.end(), is_digit);
  const bool single = id.find('.') == std::string::npos;
  try {
    if (single && !number) {
      Version(0, 0, 0, id);
      if (!id.empty()) return;
    }
  } catch (const Error&) {
    // Said below, in terms of the option.
  }
  throw Error(Code::usage, "malformed prerelease name " + quoted(id) + " in --pre",
              "write one word of letters, digits and '-', such as rc");
}

Merge merge_models(const std::vector<ModelFile>& base, const std::vector<ModelFile>& mine,
                   const std::vector<ModelFile>& theirs) {
  Merge merge;
  for (const ModelFile& model : mine) {
    const ModelFile* before = find(base, model.slot);
    const ModelFile* there = find(theirs, model.slot);
    const bool changed_here = !same_bytes(&model, before);
    const bool changed_there = !same_bytes(there, before);
    if (changed_here && changed_there && !same_bytes(&model, there)) {
      merge.conflicts.push_back(model.slot);
    }
    if (!changed_here && changed_there) {
      merge.outdated.push_back(model.slot);
      if (there != nullptr) merge.models.push_back(*there);
    } else {
      merge.models.push_back(model);
    }
  }
  for (const ModelFile& model : theirs) {
    if (find(mine, model.slot) != nullptr) continue;
    const ModelFile* before = find(base, model.slot);
    if (before == nullptr) {
      merge.outdated.push_back(model.slot);
      merge.models.push_back(model);
    } else if (!same_bytes(before, &model)) {
      merge.conflicts.push_back(model.slot);  // removed here, changed there
    }
  }
  return merge;
}

}  // namespace algoctl
