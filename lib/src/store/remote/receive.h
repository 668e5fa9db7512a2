#pragma once

#include <string>

#include "algoctl/digest.h"
#include "store/remote/conversation.h"
#include "store/remote/part_journal.h"
#include "store/transfer.h"

namespace algoctl {

/// What is received: an object, into a file that stays the caller's (O_RDWR).
struct Receiving {
  std::string key;
  std::string name;  ///< what errors call the object
  Digest digest;
  std::int64_t size;  ///< bytes
  int to;
  std::string to_path;  ///< what errors call the file
};

/// Writes the object into the file, in parts where it is large, several at a time. Returns once the
/// file holds exactly the bytes of the digest; not durable yet. What the journal knows, and the
/// file still holds, does not move again. False when the key is not there. Throws Error{integrity}
/// when the bytes are others, Error{storage}, Error{unauthorized}, Error{interrupted}.
[[nodiscard]] bool receive(const Conversation& talk, const Receiving& object, PartJournal& journal,
                           const TransferOptions& options);

}  // namespace algoctl
