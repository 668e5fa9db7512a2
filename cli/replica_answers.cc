#include "replica_answers.h"

#include "base/clock.h"
#include "base/text.h"
#include "records.h"

namespace algoctl::cli {

namespace {

/// ` 1.3.0`, or nothing where no version is known yet.
std::string spaced(const std::string& version) {
  return version.empty() ? "" : " " + printable(version);
}

}  // namespace

std::string replica_name(const ReplicaInfo& replica) {
  return printable(replica.name) + " (" + printable(replica.host) + " " +
         std::to_string(replica.pid) + ")";
}

std::string replica_words(const ReplicaInfo& replica) {
  switch (replica.state) {
    case ReplicaState::loading: return "loads" + spaced(replica.wanted);
    case ReplicaState::prepared: return "has prepared" + spaced(replica.wanted);
    case ReplicaState::serving: return "serves" + spaced(replica.version);
    case ReplicaState::failed: break;
  }
  return "cannot load" + spaced(replica.wanted) + (replica.reason.empty() ? "" : ": ") +
         printable(replica.reason);
}

void fill_replica(Json& item, const ReplicaInfo& replica) {
  item.set("id", replica.id);
  item.set("name", text_or_null(replica.name));
  item.set("host", text_or_null(replica.host));
  item.set("pid", replica.pid);
  item.set("reference", text_or_null(replica.reference));
  item.set("state", state_name(replica.state));
  item.set("version", text_or_null(replica.version));
  item.set("wanted", text_or_null(replica.wanted));
  item.set("reason", text_or_null(replica.reason));
  item.set("since", format_time(replica.since));
  item.set("seen", format_time(replica.seen));
}

Json replica_records(const std::vector<ReplicaInfo>& replicas) {
  Json records = Json::array();
  for (const ReplicaInfo& replica : replicas) {
    Json item = Json::object();
    fill_replica(item, replica);
    records.push(std::move(item));
  }
  return records;
}

void ReplicaProgress::update(const std::vector<ReplicaInfo>& replicas) {
  std::vector<std::string> parts;
  for (const ReplicaInfo& replica : replicas) {
    parts.push_back(printable(replica.name) + " " + replica_words(replica));
  }
  if (ctx_.show(join(parts, ", "))) return;
  std::map<std::string, Said> gone = std::move(said_);
  said_.clear();
  for (const ReplicaInfo& replica : replicas) {
    const Said now{replica_name(replica), replica_words(replica)};
    const auto before = gone.find(replica.id);
    if (before == gone.end() || before->second.words != now.words) {
      ctx_.message(now.name + " " + now.words);
    }
    if (before != gone.end()) gone.erase(before);
    said_[replica.id] = now;
  }
  for (const auto& [id, said] : gone) ctx_.message(said.name + " has ended");
}

}  // namespace algoctl::cli
