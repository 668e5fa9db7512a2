#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "store/marker.h"
#include "store/remote/conversation.h"
#include "store/remote/damage_notes.h"
#include "store/remote/send.h"
#include "store/remote/uploads.h"
#include "store/stamps.h"
#include "store/store.h"

namespace algoctl {

/// A store in a bucket or behind a web server, of any kind that there is a Bucket for. Its keys are
/// those of a LocalStore's files:
///     store.json                 the marker: id and owner
///     objects/sha256/ab/<hex>    the objects
/// What is being uploaded are the server's own uploads in parts; they outlive a failure, and the
/// next upload of the same file goes on with them.
class RemoteStore final : public Store {
 public:
  /// `scratch` is a folder for journals and for what comes from a stream; made when it is needed.
  /// Empty: nothing is resumed, and streams cannot be stored.
  struct Local {
    std::string scratch;
    Stamps stamps;
  };

  /// Throws Error{storage} when there is no marker, or a newer one; and as `Conversation::ask_ok`.
  static std::unique_ptr<RemoteStore> open(std::unique_ptr<Conversation> talk, Local local);
  /// The same, but nullptr when there is no marker.
  static std::unique_ptr<RemoteStore> find(std::unique_ptr<Conversation> talk, Local local);
  /// Makes the marker where there is none. Of several that do so at once one's is kept where the
  /// server honours conditions.
  static std::unique_ptr<RemoteStore> create(std::unique_ptr<Conversation> talk,
                                             const std::string& owner, Local local);

  /// An object as it lies there.
  struct There {
    Entry entry;
    std::string sha256;  ///< what was said when it was put: hexadecimal digits, or empty
  };

  [[nodiscard]] std::string id() const override { return marker_.id; }
  [[nodiscard]] std::string owner() const override { return marker_.owner; }
  [[nodiscard]] std::string url() const override { return talk_->bucket().url(); }
  [[nodiscard]] bool is_writable() const noexcept override {
    return talk_->bucket().limits().writable;
  }
  [[nodiscard]] bool is_local() const noexcept override { return false; }
  [[nodiscard]] std::optional<std::string> local_path(const Digest&) const override {
    return std::nullopt;
  }
  [[nodiscard]] bool has(const Digest& digest, std::int64_t size) const override;
  [[nodiscard]] std::vector<std::size_t> missing(const std::vector<Wanted>& objects) const override;
  /// What goes in one piece goes side by side; parts do so by themselves.
  [[nodiscard]] int width(std::int64_t size) const noexcept override;
  std::optional<Stored> known(const ObjectSource& source,
                              const TransferOptions& options) const override;
  /// Of a file that goes in one piece.
  std::optional<Transferred> foretell(ObjectSource& source,
                                      const TransferOptions& options) const override;
  Stored put(ObjectSource& source, const std::string& upload_id,
             const TransferOptions& options) override;
  void discard(const std::string& upload_id) override;
  void list(const std::function<void(const Digest&)>& visit) const override;
  [[nodiscard]] std::optional<Entry> look(const Digest& digest) const override;
  void check(const Digest& digest, std::int64_t size,
             const TransferOptions& options) const override;
  void remove(const Digest& digest) override;
  [[nodiscard]] std::vector<Staged> staged() const override;
  void fetch(const Digest& digest, std::int64_t size, int to, const std::string& to_path,
             const TransferOptions& options) const override;
  [[nodiscard]] http::Link link(const Digest& digest, std::chrono::seconds lifetime) const override;

 private:
  RemoteStore(std::unique_ptr<Conversation> talk, Marker marker, Local local)
      : talk_(std::move(talk)),
        marker_(std::move(marker)),
        local_(std::move(local)),
        damaged_(local_.scratch.empty() ? "" : scratch()) {}

  [[nodiscard]] std::string scratch() const { return local_.scratch + "/" + marker_.id; }
  [[nodiscard]] std::string up_journal(const Digest& digest) const;
  [[nodiscard]] std::optional<There> ask_about(const Digest& digest) const;
  [[nodiscard]] bool is_as_sent(const std::optional<There>& there, const Transferred& bytes) const;
  [[nodiscard]] Transferred hashed(ObjectSource& source, PartHashes* parts,
                                   const std::atomic<bool>* stop) const;
  [[nodiscard]] PartJournal journal_of(const Transferred& bytes, const PartHashes& hashes) const;
  void forget_parts(const Transferred& bytes, const PartHashes& hashes);
  bool put_if_new(const Sending& file, const Digest& digest, const TransferOptions& options);
  Sent put_whole(const Sending& file, const Digest& digest, Replace replace,
                 const TransferOptions& options);
  Stored put_file(int fd, const Transferred& bytes, const std::function<void()>& recheck,
                  PartHashes& hashes, const TransferOptions& options);
  [[nodiscard]] std::int64_t usual_part() const { return talk_->bucket().limits().usual_part; }
  void require_marker() const;
  void require_writable() const;

  std::unique_ptr<Conversation> talk_;
  Marker marker_;
  Local local_;
  DamageNotes damaged_;
  Uploads uploads_;
  std::atomic<bool> takes_conditions_{true};  ///< until the server refused one
};

/// Where an object is in a bucket: `objects/sha256/ab/<hex>`.
std::string object_key(const Digest& digest);

}  // namespace algoctl
