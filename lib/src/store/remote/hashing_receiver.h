#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/hash.h"
#include "http/message.h"
#include "store/remote/part_plan.h"
#include "store/transfer.h"

namespace algoctl {

/// Hashes an object whose size and digest are not known yet, and writes it into a file where one is
/// given. Goes on where an answer was cut off as long as the server says by a strong ETag that the
/// object is the same; else it begins anew. An answer must end somewhere, and say where: by its
/// length, or, up to a limit, by its last chunk.
class HashingReceiver final : public http::Receiver {
 public:
  /// Bytes of an answer that does not say its length: what is longer may be a stream without an
  /// end.
  static constexpr std::int64_t kLongestUnsaid = std::int64_t{64} << 30;

  /// `to`: a new, empty file (O_RDWR) that stays the caller's, or -1; `to_path` is what errors call
  /// it, `name` what they call the object.
  HashingReceiver(std::string name, int to, std::string to_path,
                  std::int64_t longest_unsaid = kLongestUnsaid)
      : name_(std::move(name)),
        to_(to),
        to_path_(std::move(to_path)),
        longest_unsaid_(longest_unsaid) {}

  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  /// What is to be asked for, when something is there to go on with; nullopt: all of it.
  [[nodiscard]] std::optional<Span> rest() const;
  [[nodiscard]] std::int64_t received() const noexcept { return got_; }
  /// True when nothing was wrong with an answer, but it ended before the object does.
  [[nodiscard]] bool is_short() const noexcept { return !refused() && got_ < total_; }

  /// Throws Error{storage} when an answer was refused by this side: the object is not what it was
  /// at the first try, its end cannot be told, or the file cannot be written.
  void require_accepted() const;

  /// What was received. To be called once, when all of it was. Throws Error{storage}.
  Transferred finish();

  void begin(const http::Response& head) override;
  bool take(const char* bytes, std::size_t size) override;

 private:
  [[nodiscard]] bool refused() const noexcept {
    return changed_ || without_end_ || too_long_ || write_errno_ != 0;
  }
  bool write(const char* bytes, std::size_t size);

  std::string name_;
  int to_;
  std::string to_path_;
  std::int64_t longest_unsaid_;
  Sha256 hash_;
  std::string tag_;          ///< a strong ETag, or empty
  std::int64_t total_ = -1;  ///< bytes, as the server says; -1: it does not
  std::int64_t got_ = 0;
  bool changed_ = false;
  bool without_end_ = false;  ///< nothing tells its end from where it was cut off
  bool too_long_ = false;
  int write_errno_ = 0;
};

}  // namespace algoctl
