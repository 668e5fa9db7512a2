#pragma once

#include <map>
#include <string>
#include <vector>

#include "context.h"

namespace algoctl::cli {

// What `promote` and `replicas` say of processes that follow a channel.

/// `scorer (host 4711)`.
std::string replica_name(const ReplicaInfo& replica);

/// What one of them does: `serves 1.3.0`, `cannot load 1.3.0: out of memory`.
std::string replica_words(const ReplicaInfo& replica);

/// A list of objects with every field.
Json replica_records(const std::vector<ReplicaInfo>& replicas);

/// Sets every field of one.
void fill_replica(Json& item, const ReplicaInfo& replica);

/// Says what replicas do while one waits: on a terminal on one line that changes, elsewhere a
/// message for each that does something else than before.
class ReplicaProgress {
 public:
  explicit ReplicaProgress(Context& ctx) : ctx_(ctx) {}

  void update(const std::vector<ReplicaInfo>& replicas);

 private:
  struct Said {
    std::string name;
    std::string words;
  };

  Context& ctx_;
  std::map<std::string, Said> said_;  // by id
};

}  // namespace algoctl::cli
