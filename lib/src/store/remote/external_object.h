#pragma once

#include <memory>
#include <optional>
#include <string>

#include "algoctl/digest.h"
#include "store/remote/conversation.h"
#include "store/remote/hashing_receiver.h"
#include "store/store_settings.h"
#include "store/transfer.h"

namespace algoctl {

/// One object that lies in a bucket or behind a web server under its own name: nobody here owns it,
/// and it may change or go at any time. It is read, never written.
class ExternalObject {
 public:
  /// Asks nobody anything yet. Throws Error{usage} for a URL that names no object or may hold a
  /// secret, and as the kinds of stores do (store/remote/kinds.h).
  ExternalObject(const std::string& url, const StoreSettings& settings);
  /// The object `key` of the conversation's bucket. Where the server does not say how long it is,
  /// no more than so many bytes of it are read.
  ExternalObject(std::unique_ptr<Conversation> talk, std::string key,
                 std::int64_t longest_unsaid = HashingReceiver::kLongestUnsaid);

  /// Where it lies: what opens it again, normalised and free of secrets.
  [[nodiscard]] std::string url() const;

  /// Reads all of it, once. Throws Error{not_found} when it is not there, Error{storage} when the
  /// server cannot be reached or its answer has no end that can be told, Error{unauthorized},
  /// Error{interrupted}.
  [[nodiscard]] Transferred read(const TransferOptions& options) const;
  /// The same, and writes it into the new, empty file `to` (O_RDWR), not durable yet.
  [[nodiscard]] Transferred copy(int to, const std::string& to_path,
                                 const TransferOptions& options) const;

  /// Writes it into `to` as Store::fetch does, and goes on as that does. Throws Error{integrity}
  /// when it is not there any more, or holds other bytes, which are read to say which.
  void fetch(const Digest& digest, std::int64_t size, int to, const std::string& to_path,
             const TransferOptions& options) const;
  /// Reads it again. Throws as `fetch`.
  void check(const Digest& digest, const TransferOptions& options) const;

 private:
  std::optional<Transferred> read_if_there(int to, const std::string& to_path,
                                           const TransferOptions& options) const;

  std::unique_ptr<Conversation> talk_;
  std::string key_;
  std::int64_t longest_unsaid_ = HashingReceiver::kLongestUnsaid;
};

}  // namespace algoctl
