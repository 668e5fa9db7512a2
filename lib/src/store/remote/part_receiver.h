#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "base/checksum.h"
#include "base/hash.h"
#include "http/message.h"
#include "store/remote/part_plan.h"
#include "store/remote/receive.h"

namespace algoctl {

/// Writes one part of an object where it belongs, and hashes it, or, where it is not all of it,
/// adds it up. Goes on where an answer was cut off. All of it is written once it is done; until
/// then up to 256 KiB are not.
class PartReceiver final : public http::Receiver {
 public:
  /// `arrived` is called with each number of bytes that were written.
  PartReceiver(const Receiving& object, const Span& span,
               std::function<void(std::int64_t bytes)> arrived);

  /// What is still to be asked for.
  [[nodiscard]] Span rest() const noexcept { return {span_.offset + got_, span_.size - got_}; }
  [[nodiscard]] bool done() const noexcept { return got_ == span_.size; }
  /// Forgets what came: for an answer that went wrong after its last byte.
  void begin_again();
  /// Of a part that is all of the object; to be called once, when it is done.
  Digest digest();
  /// Of any other part, when it is done.
  [[nodiscard]] std::string checksum() const { return checksum_.hex(); }

  /// Throws when an answer was refused by this side: Error{integrity} for an object of another
  /// size, Error{storage} for other bytes than were asked for, or a file that cannot be written.
  void require_accepted() const;
  /// True when nothing was wrong with an answer, but it ended before the part did.
  [[nodiscard]] bool is_short() const noexcept;
  /// True when the server sent all of it although a part was asked for.
  [[nodiscard]] bool ranges_ignored() const noexcept { return ranges_ignored_; }

  void begin(const http::Response& head) override;
  bool take(const char* bytes, std::size_t size) override;

 private:
  [[nodiscard]] bool is_whole() const noexcept {
    return span_.offset == 0 && span_.size == object_.size;
  }
  bool write_gathered();

  const Receiving& object_;
  Span span_;
  std::function<void(std::int64_t)> arrived_;
  Sha256 hash_;           ///< of what is all of the object
  Checksum checksum_;     ///< of any other part
  std::string gathered_;  ///< the last of what came, not written yet
  std::int64_t got_ = 0;
  std::int64_t other_size_ = -1;  ///< what the server says that the object has
  bool elsewhere_ = false;        ///< the answer brings other bytes than were asked for
  int write_errno_ = 0;
  bool ranges_ignored_ = false;
};

}  // namespace algoctl
