#include "reload/replica.h"

#include <utility>

#include "algoctl/error.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/process.h"
#include "client/state.h"

namespace algoctl {
namespace {

std::string name_of_program() {
  std::string name = read_file("/proc/self/comm", 256).value_or("");
  while (!name.empty() && name.back() == '\n') name.pop_back();
  return name;
}

/// What others can read: more would make the report too long, and the replica invisible.
std::string checked_name(const std::string& name) {
  constexpr std::size_t kLongest = 255;
  if (name.size() <= kLongest) return name;
  throw Error(Code::usage, "the name of a replica has " + std::to_string(name.size()) +
                               " bytes, and " + std::to_string(kLongest) + " are the most");
}

}  // namespace

Replica::Replica(const ClientOptions& client, const Reference& reference, const std::string& name,
                 std::shared_ptr<Account> account)
    : account_(std::move(account)),
      board_(open_folder_board(registry_path(client))),
      replica_{to_hex(random_bytes(16)), reference.algorithm(), reference.str(),
               name.empty() ? name_of_program() : checked_name(name)} {
  const ProcessIdentity process = this_process();
  replica_.host = process.host;
  replica_.boot = process.boot;
  replica_.pid = process.pid;
}

void Replica::report(std::int64_t now) noexcept try {
  const Account::Entry entry = account_->read();
  const ReloadStatus& status = entry.status;
  replica_.state = status.state;
  replica_.version = status.serving ? status.serving->str() : "";
  replica_.wanted = entry.about ? entry.about->str() : "";
  replica_.reason =
      status.state == ReplicaState::failed && status.last_error ? status.last_error->message : "";
  replica_.since = entry.since;
  replica_.seen = now;
  std::string trouble;
  try {
    board_->report(replica_);
  } catch (const Error& error) {
    trouble = error.message();
  }
  if (trouble == status.report_error) return;
  account_->change([&](Account::Entry& e) { e.status.report_error = trouble; });
} catch (...) {
  // Without memory nothing is said; the next heartbeat tries again.
}

}  // namespace algoctl
