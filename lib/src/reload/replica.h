#pragma once

#include <memory>
#include <string>

#include "algoctl/client_options.h"
#include "algoctl/reference.h"
#include "registry/replica_board.h"
#include "reload/account.h"

namespace algoctl {

/// How a reloader is seen by others: what its account says, on the board of its registry. One
/// thread at a time. Never throws after construction: why it cannot be seen is in the account.
class Replica {
 public:
  static constexpr std::chrono::milliseconds kHeartbeat = ReplicaBoard::kHeartbeat;

  /// `name`: what people call it; empty: the program's.
  Replica(const ClientOptions& client, const Reference& reference, const std::string& name,
          std::shared_ptr<Account> account);

  void report(std::int64_t now) noexcept;
  void withdraw() noexcept { board_->withdraw(replica_.id); }

 private:
  std::shared_ptr<Account> account_;
  std::unique_ptr<ReplicaBoard> board_;
  ReplicaInfo replica_;
};

}  // namespace algoctl
