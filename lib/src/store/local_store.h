#pragma once

#include <memory>
#include <optional>
#include <string>

#include "store/staging_file.h"
#include "store/store.h"

namespace algoctl {

/// A store in a folder of this file system:
///     store.json                 the marker: id and owner; written last when the store is made
///     objects/sha256/ab/<hex>    the objects, mode 0444
///     staging/<upload id>        what is being written
class LocalStore final : public Store {
 public:
  /// Opens the store in a folder. Throws Error{storage} when there is none, or a newer one.
  static std::unique_ptr<LocalStore> open(const std::string& folder, const Stamps& stamps);
  /// The same, but nullptr when there is none.
  static std::unique_ptr<LocalStore> find(const std::string& folder, const Stamps& stamps);

  /// Makes a store in a folder, made with it, or opens the one that is there. Of several that do so
  /// at once one makes it, and all open the same. Durable. Throws Error{storage}.
  static std::unique_ptr<LocalStore> create(const std::string& folder, const std::string& owner,
                                            const Stamps& stamps);

  [[nodiscard]] std::string id() const override { return id_; }
  [[nodiscard]] std::string owner() const override { return owner_; }
  [[nodiscard]] std::string url() const override;
  [[nodiscard]] bool is_local() const noexcept override { return true; }
  [[nodiscard]] std::optional<std::string> local_path(const Digest& digest) const override;
  [[nodiscard]] bool has(const Digest& digest, std::int64_t size) const override;
  std::optional<Stored> known(const ObjectSource& source,
                              const TransferOptions& options) const override;
  Stored put(ObjectSource& source, const std::string& upload_id,
             const TransferOptions& options) override;
  void discard(const std::string& upload_id) override;
  void fetch(const Digest& digest, std::int64_t size, int to, const std::string& to_path,
             const TransferOptions& options) const override;

  void list(const std::function<void(const Digest&)>& visit) const override;
  [[nodiscard]] std::optional<Entry> look(const Digest& digest) const override;
  void check(const Digest& digest, std::int64_t size,
             const TransferOptions& options) const override;
  void remove(const Digest& digest) override;
  [[nodiscard]] std::vector<Staged> staged() const override;

  /// Puts a small file, reads it back, finds it in its folder, removes it. What fails is a finding.
  [[nodiscard]] std::vector<ProbeFinding> probe() const;

  /// The folder, as an absolute path.
  [[nodiscard]] const std::string& folder() const noexcept { return folder_; }
  /// Where an object is, or would be.
  [[nodiscard]] std::string object_path(const Digest& digest) const;

 private:
  LocalStore(std::string folder, std::string id, std::string owner, Stamps stamps);

  StagingFile make_staging_file(const std::string& upload_id) const;
  Stored publish(StagingFile& staged, const Transferred& bytes,
                 const TransferOptions& options) const;
  bool holds(const std::string& object, const Transferred& bytes,
             const TransferOptions& options) const;
  void sync_folders(const std::string& object) const;
  void require_marker() const;

  std::string folder_;
  std::string id_;
  std::string owner_;
  Stamps stamps_;
};

}  // namespace algoctl
