#include "client/label_rules.h"

#include "algoctl/error.h"
#include "base/clock.h"
#include "base/text.h"
#include "core/label_template.h"

namespace algoctl {
namespace {

std::string shown(const LabelInfo& info) {
  return info.sha256.str() + " (" + format_time(info.moved_at) + ")";
}

Error label_taken(const LabelInfo& there, const Digest& yours) {
  return {Code::conflict,
          "label " + quoted(there.label.str()) + " already names other bytes\n  stored: " +
              shown(there) + "\n  yours:  " + yours.str(),
          "choose a new label with --as, or move this one with --replace"};
}

/// Throws Error{conflict} unless the label names what was expected, or what this very upload
/// brings: an earlier try did it then.
void check_expectation(const std::optional<LabelInfo>& there, const Label& label,
                       const Digest& yours, const ExpectedObject& expected) {
  const auto now = there ? std::optional(there->sha256) : std::nullopt;
  if (now == expected.digest || now == yours) return;
  throw Error(Code::conflict,
              "label " + quoted(label.str()) + " does not name what was expected\n  expected: " +
                  (expected.digest ? expected.digest->str() : "none") +
                  "\n  now:      " + (there ? shown(*there) : "none"),
              "look at what changed, then repeat with that --expect");
}

}  // namespace

std::optional<LabelInfo> label_now(Db& db, const Algorithm& algorithm, const Label& label) {
  const auto row = find_algorithm(db, algorithm);
  return row ? find_label(db, *row, label) : std::nullopt;
}

Label renamed(const Label& label, const Digest& sha256) {
  const std::string& text = label.str();
  const std::size_t name = text.rfind('/') + 1;  // npos + 1 is 0
  const LabelFacts facts{text.substr(name), 0, &sha256, {}};
  return Label::parse(text.substr(0, name) + expand_label("{stem}-{sha}{ext}", facts));
}

void check_label(const std::optional<LabelInfo>& there, const Label& label, const Digest& yours,
                 const UploadOptions& options, Taken taken) {
  if (options.expect) check_expectation(there, label, yours, *options.expect);
  if (there && there->sha256 != yours && taken != Taken::move) throw label_taken(*there, yours);
}

}  // namespace algoctl
