#pragma once

#include <functional>
#include <string>

#include "store/remote/conversation.h"
#include "store/remote/part_hashes.h"
#include "store/remote/part_journal.h"
#include "store/transfer.h"

namespace algoctl {

/// What is sent: a file that stays the caller's.
struct Sending {
  std::string key;
  int fd;
  std::int64_t size;              ///< bytes
  std::string sha256;             ///< of all, 64 hexadecimal digits
  std::function<void()> recheck;  ///< throws when the file is no longer what was hashed
};

/// What becomes of what is there under the key.
enum class Replace { yes, no };

enum class Sent {
  sent,
  is_there,           ///< with Replace::no only: nothing was written
  unknown_condition,  ///< the same: the server does not know how to leave what is there
};

/// Puts the file under its key in one request. Throws Error{storage}, Error{unauthorized},
/// Error{interrupted}.
Sent send_whole(const Conversation& talk, const Sending& file, Replace replace,
                const TransferOptions& options);

/// The same in parts, several at a time. What the journal knows and the server confirms is not sent
/// again; on failure the parts stay, and the journal knows of them.
void send_in_parts(const Conversation& talk, const Sending& file, PartHashes& hashes,
                   PartJournal& journal, const TransferOptions& options);

}  // namespace algoctl
