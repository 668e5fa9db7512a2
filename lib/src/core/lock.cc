#include <algorithm>
#include <utility>

#include "algoctl/pin.h"
#include "base/json.h"
#include "base/text.h"
#include "core/json_fields.h"
#include "core/model_fields.h"

namespace algoctl {
namespace {

using Type = JsonNode::Type;

constexpr const char* kRemedy =
    "name all that is to be in it: `algoctl pin OWNER/NAME@SELECTOR --update` writes it anew";

bool by_name(const Pin& a, const Pin& b) { return a.algorithm < b.algorithm; }

/// A lock file is written by this program alone: what it does not know, it must not pass over.
void require_known(const JsonFields& fields, const JsonNode& object,
                   const std::vector<std::string>& known, const std::string& subject) {
  for (const JsonMember& member : object.members) {
    if (std::find(known.begin(), known.end(), member.key) != known.end()) continue;
    fields.refuse(member.key_begin, subject + "unknown field " + quoted(member.key),
                  did_you_mean(member.key, known));
  }
}

void require_known_in_models(const JsonFields& fields, const JsonNode& models) {
  for (const JsonMember& slot : models.members) {
    require_known(fields, slot.value, {"uri", "sha256", "size"}, "slot " + quoted(slot.key) + ": ");
  }
}

Pin read_pin(const JsonFields& fields, const JsonMember& member) {
  const auto name = fields.at(member.key_begin, {}, [&] { return Algorithm::parse(member.key); });
  const JsonNode& object = member.value;
  fields.require_type(object, Type::object, "pin " + quoted(member.key));
  const std::string subject = "pin " + quoted(member.key) + ": ";
  require_known(fields, object,
                {"selector", "version", "manifest_sha256", "journal_head", "models"}, subject);

  const auto parsed = [&](std::string_view key, auto parse) {
    const JsonNode& node = fields.require(object, key, Type::string, subject, kRemedy);
    return fields.at(node.begin, subject, [&] { return parse(node.text); });
  };
  auto selector = parsed("selector", Selector::parse);
  auto version = parsed("version", Version::parse);
  const auto manifest = parsed("manifest_sha256", Digest::parse);
  const auto journal = parsed("journal_head", Digest::parse);
  const JsonNode& models = fields.require(object, "models", Type::object, subject, kRemedy);
  auto read = read_models(fields, models, [](const Slot&) { return std::string(kRemedy); });
  require_known_in_models(fields, models);
  return Pin{name, std::move(selector), std::move(version), manifest, journal, std::move(read)};
}

Json to_json(const Pin& pin) {
  Json models = Json::object();
  for (const ModelFile& model : pin.models) {
    models.set(model.slot.str(), Json::object()
                                     .set("uri", model.uri())
                                     .set("sha256", model.sha256.hex())
                                     .set("size", model.size));
  }
  return Json::object()
      .set("selector", pin.selector.str())
      .set("version", pin.version.str())
      .set("manifest_sha256", pin.manifest_sha256.hex())
      .set("journal_head", pin.journal_head.hex())
      .set("models", models);
}

/// True when what was locked answers `reference`: asked for in the same words, or admitted.
bool fits(const Pin& pin, const Reference& reference) {
  if (reference.label()) {
    return std::any_of(pin.models.begin(), pin.models.end(), [&](const ModelFile& model) {
      return model.algorithm == reference.algorithm() && model.label == *reference.label();
    });
  }
  const Selector& asked = reference.selector();
  if (!reference.has_selector() || asked.str() == pin.selector.str()) return true;
  switch (asked.kind()) {
    case Selector::Kind::exact:
    case Selector::Kind::range: return asked.admits(pin.version);
    case Selector::Kind::digest: return asked.digest() == pin.manifest_sha256;
    case Selector::Kind::latest:
    case Selector::Kind::channel: return false;  // what they mean may have moved since
  }
  return false;
}

/// Throws when a merge was left to people: a line of it says more than what is wrong as JSON.
void require_merged(std::string_view bytes, std::string_view where) {
  constexpr std::string_view kMarker = "<<<<<<< ";
  std::size_t at = starts_with(bytes, kMarker) ? 0 : bytes.find("\n" + std::string(kMarker));
  if (at == std::string_view::npos) return;
  if (at > 0) ++at;
  throw Error(Code::usage, json_place(bytes, at, where) + ": conflict markers of a merge",
              "take one side, by `git checkout --ours` or `--theirs`, and pin again what the other "
              "changed; or " +
                  std::string(kRemedy));
}

Lock read_lock_text(std::string_view bytes, std::string_view where) {
  const JsonFields fields(bytes, where);
  fields.require_schema("algoctl.lock");
  require_known(fields, fields.root(), {"schema", "pins"}, {});
  Lock lock;
  for (const JsonMember& member :
       fields.require(fields.root(), "pins", Type::object, {}, kRemedy).members) {
    lock.pins.push_back(read_pin(fields, member));
  }
  std::sort(lock.pins.begin(), lock.pins.end(), by_name);
  return lock;
}

}  // namespace

Lock Lock::parse(std::string_view bytes, std::string_view where) {
  require_merged(bytes, where);
  try {
    return read_lock_text(bytes, where);
  } catch (const Error& error) {
    if (!error.hint().empty()) throw;
    throw Error(error.code(), error.message(), kRemedy);
  }
}

std::string Lock::text() const {
  std::vector<Pin> sorted = pins;
  std::sort(sorted.begin(), sorted.end(), by_name);
  Json entries = Json::object();
  for (const Pin& pin : sorted) entries.set(pin.algorithm.str(), to_json(pin));
  return Json::object().set("schema", "algoctl.lock/v1").set("pins", entries).dump(2) + "\n";
}

const Pin* Lock::find(const Algorithm& algorithm) const noexcept {
  for (const Pin& pin : pins) {
    if (pin.algorithm == algorithm) return &pin;
  }
  return nullptr;
}

const Pin& Lock::require(const Reference& reference) const {
  // A label cannot be pinned, the algorithm that has it can.
  const std::string wanted = reference.label() ? reference.algorithm().str() : reference.str();
  const std::string hint = "algoctl pin " + wanted;
  const Pin* const pin = find(reference.algorithm());
  if (!pin) {
    throw Error(Code::lock_mismatch, "the lock file has no pin for " + reference.algorithm().str(),
                hint);
  }
  if (fits(*pin, reference)) return *pin;
  if (reference.label()) {
    throw Error(Code::lock_mismatch,
                "the lock file names no label " + quoted(reference.label()->str()) + " for " +
                    reference.algorithm().str() + "@" + pin->version.str(),
                hint + " --update");
  }
  throw Error(Code::lock_mismatch,
              "the lock file was written for another selector of " + reference.algorithm().str() +
                  "\n  locked:  @" + pin->selector.str() + " as " + pin->version.str() +
                  "\n  asked:   @" + reference.selector().str(),
              hint);
}

}  // namespace algoctl
