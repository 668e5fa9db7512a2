#include "core/model_fields.h"

#include <map>
#include <optional>
#include <utility>

#include "algoctl/reference.h"
#include "base/text.h"

namespace algoctl {
namespace {

using Type = JsonNode::Type;

std::string subject_of(const Slot& slot) { return "slot " + quoted(slot.str()) + ": "; }

ModelFile read_model(const JsonFields& fields, const Slot& slot, const JsonNode& value,
                     const std::string& remedy) {
  const std::string subject = subject_of(slot);
  const JsonNode& uri = fields.require(value, "uri", Type::string, subject, remedy);
  const JsonNode& sha256 = fields.require(value, "sha256", Type::string, subject, remedy);
  const JsonNode& size = fields.require(value, "size", Type::number, subject, remedy);

  if (!starts_with(uri.text, "data://")) {
    fields.refuse(uri.begin,
                  subject + "'uri' must be data://OWNER/NAME/LABEL, not " + quoted(uri.text),
                  remedy);
  }
  const Reference reference =
      fields.at(uri.begin, subject, [&] { return Reference::parse(uri.text); });
  if (!reference.label()) {
    fields.refuse(uri.begin, subject + quoted(uri.text) + " names no label", remedy);
  }
  if (starts_with(sha256.text, "sha256:")) {
    fields.refuse(sha256.begin, subject + "'sha256' must be the 64 digits alone",
                  "take off the prefix sha256:");
  }
  if (sha256.text.size() != 64 ||
      sha256.text.find_first_not_of("0123456789abcdef") != std::string::npos) {
    fields.refuse(sha256.begin, subject + "malformed digest " + quoted(sha256.text),
                  "write 64 lower-case hexadecimal digits");
  }
  const Digest digest = Digest::parse(sha256.text);
  const std::optional<std::int64_t> bytes = size.integer();
  if (!bytes || *bytes < 0) {
    fields.refuse(size.begin,
                  subject + "'size' must be a whole number of bytes, not " + quoted(size.text),
                  remedy);
  }
  return ModelFile{slot, reference.algorithm(), *reference.label(), digest, *bytes};
}

/// Labels become files of one folder: a name cannot have two contents, nor be a file and a folder.
class LabelCheck {
 public:
  LabelCheck(const JsonFields& fields, const std::vector<ModelFile>& models)
      : fields_(fields), models_(models) {}

  void add(std::size_t index, std::size_t offset) {
    const ModelFile& model = models_[index];
    const auto [found, is_new] = by_label_.emplace(model.label.str(), index);
    if (!is_new) require_same_bytes(models_[found->second], model, offset);
    // In order of labels, what lies in the folder `a` begins with `a/`.
    const std::string folder = model.label.str() + "/";
    const auto inside = by_label_.lower_bound(folder);
    if (inside != by_label_.end() && starts_with(inside->first, folder)) {
      refuse_folder(model, models_[inside->second], offset);
    }
    for (std::size_t at = folder.find('/'); at + 1 < folder.size(); at = folder.find('/', at + 1)) {
      const std::string parent = folder.substr(0, at);
      const auto file = by_label_.find(parent);
      if (file != by_label_.end()) refuse_folder(models_[file->second], model, offset);
    }
  }

 private:
  void require_same_bytes(const ModelFile& first, const ModelFile& second,
                          std::size_t offset) const {
    if (first.sha256 == second.sha256 && first.size == second.size) return;
    const auto line = [](const ModelFile& model) {
      return "\n  " + model.sha256.str() + ", size " + std::to_string(model.size) + ": slot " +
             quoted(model.slot.str());
    };
    fields_.refuse(offset,
                   "label " + quoted(second.label.str()) + " stands for different bytes" +
                       line(first) + line(second),
                   "upload one of the two under a label of its own", Code::conflict);
  }

  [[noreturn]] void refuse_folder(const ModelFile& file, const ModelFile& inside,
                                  std::size_t offset) const {
    fields_.refuse(offset,
                   "label " + quoted(file.label.str()) + " of slot " + quoted(file.slot.str()) +
                       " is a folder of label " + quoted(inside.label.str()) + " of slot " +
                       quoted(inside.slot.str()),
                   "upload one of the two under a label of its own", Code::conflict);
  }

  const JsonFields& fields_;
  const std::vector<ModelFile>& models_;
  std::map<std::string, std::size_t> by_label_;  ///< whosever the label is
};

}  // namespace

std::vector<Slot> read_slots(const JsonFields& fields, const JsonNode& models) {
  std::vector<Slot> slots;
  std::map<std::string, std::size_t> by_variable;
  for (const JsonMember& member : models.members) {
    slots.push_back(fields.at(member.key_begin, {}, [&] { return Slot::parse(member.key); }));
    const Slot& slot = slots.back();
    fields.require_type(member.value, Type::object, "slot " + quoted(slot.str()));
    const auto [found, is_new] = by_variable.emplace(slot.variable(), slots.size() - 1);
    if (is_new) continue;
    fields.refuse(member.key_begin,
                  "slots " + quoted(slots[found->second].str()) + " and " + quoted(slot.str()) +
                      " share the environment variable " + slot.variable(),
                  "rename one of them");
  }
  return slots;
}

std::vector<ModelFile> read_models(const JsonFields& fields, const JsonNode& models,
                                   std::string (*remedy)(const Slot&)) {
  const std::vector<Slot> slots = read_slots(fields, models);
  std::vector<ModelFile> read;
  LabelCheck labels(fields, read);
  for (std::size_t i = 0; i < slots.size(); ++i) {
    const JsonMember& member = models.members[i];
    read.push_back(read_model(fields, slots[i], member.value, remedy(slots[i])));
    labels.add(i, member.value.begin);
  }
  return read;
}

}  // namespace algoctl
