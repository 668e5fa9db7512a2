#include "registry/board_files.h"

#include <limits>

#include "algoctl/error.h"
#include "core/json_fields.h"
#include "core/replica_state.h"

namespace algoctl {

namespace {

constexpr std::int64_t kLastTime = 253402300799999;  // the end of the year 9999
constexpr std::size_t kLongestReason = 8192;
constexpr const char* kReplica = "algoctl.replica";
constexpr const char* kRollout = "algoctl.rollout";

std::string text_of(const JsonFields& fields, std::string_view key) {
  return fields.require(fields.root(), key, JsonNode::Type::string).text;
}

std::int64_t number_of(const JsonFields& fields, std::string_view key, std::int64_t least,
                       std::int64_t most) {
  const JsonNode& node = fields.require(fields.root(), key, JsonNode::Type::number);
  const auto number = node.integer();
  if (!number || *number < least || *number > most) {
    fields.refuse(node.begin, std::string(key) + " is out of range");
  }
  return *number;
}

/// A process id that kill(2) takes for one process.
std::int64_t pid_of(const JsonFields& fields) {
  return number_of(fields, "pid", 1, std::numeric_limits<std::int32_t>::max());
}

/// What `read` makes of the fields; nullopt when they are not what they should be.
template <typename Read>
auto parse_file(std::string_view text, const char* schema, Read read)
    -> std::optional<decltype(read(std::declval<const JsonFields&>()))> {
  try {
    const JsonFields fields(text, "the file", {kLargestBoardFile, 8, 1000});
    fields.require_schema(schema);
    return read(fields);
  } catch (const Error&) {
    return std::nullopt;
  }
}

}  // namespace

std::string replica_text(const StoredReplica& replica) {
  const ReplicaInfo& info = replica.info;
  return Json::object()
             .set("schema", std::string(kReplica) + "/v1")
             .set("id", info.id)
             .set("algorithm", info.algorithm.str())
             .set("reference", info.reference)
             .set("name", info.name)
             .set("host", info.host)
             .set("boot", info.boot)
             .set("pid", info.pid)
             .set("state", state_name(info.state))
             .set("version", info.version)
             .set("wanted", info.wanted)
             .set("reason", info.reason.substr(0, kLongestReason))
             .set("since", info.since)
             .set("seen", info.seen)
             .set("uptime", replica.uptime)
             .dump() +
         "\n";
}

std::optional<StoredReplica> parse_replica(std::string_view text) {
  return parse_file(text, kReplica, [](const JsonFields& fields) {
    const auto state = find_state(text_of(fields, "state"));
    if (!state) fields.refuse(0, "unknown state");
    return StoredReplica{
        {text_of(fields, "id"), Algorithm::parse(text_of(fields, "algorithm")),
         text_of(fields, "reference"), text_of(fields, "name"), text_of(fields, "host"),
         text_of(fields, "boot"), pid_of(fields), *state, text_of(fields, "version"),
         text_of(fields, "wanted"), text_of(fields, "reason"),
         number_of(fields, "since", 0, kLastTime), number_of(fields, "seen", 0, kLastTime)},
        number_of(fields, "uptime", 0, kLastTime)};
  });
}

std::string rollout_text(const StoredRollout& rollout) {
  const Rollout& what = rollout.rollout;
  return Json::object()
             .set("schema", std::string(kRollout) + "/v1")
             .set("id", what.id)
             .set("algorithm", what.algorithm.str())
             .set("channel", what.channel)
             .set("version", what.version.str())
             .set("until", what.until)
             .set("switch_at", what.switch_at)
             .set("host", rollout.process.host)
             .set("boot", rollout.process.boot)
             .set("pid", rollout.process.pid)
             .dump() +
         "\n";
}

std::optional<StoredRollout> parse_rollout(std::string_view text) {
  return parse_file(text, kRollout, [](const JsonFields& fields) {
    StoredRollout stored{{text_of(fields, "id"), Algorithm::parse(text_of(fields, "algorithm")),
                          text_of(fields, "channel"), Version::parse(text_of(fields, "version")),
                          number_of(fields, "until", 0, kLastTime)},
                         {text_of(fields, "host"), text_of(fields, "boot"), pid_of(fields)}};
    const JsonNode* switch_at = fields.root().find("switch_at");
    if (switch_at == nullptr || switch_at->is(JsonNode::Type::null)) return stored;
    stored.rollout.switch_at = number_of(fields, "switch_at", 0, kLastTime);
    return stored;
  });
}

}  // namespace algoctl
