#pragma once

#include <string>
#include <vector>

#include "client/state.h"
#include "registry/db.h"
#include "store/archive_reader.h"

namespace algoctl {

/// The objects of an archive on their way into the store. Rows of `upload` say so before any bytes
/// are written, until `end`.
class ImportObjects {
 public:
  ImportObjects(ClientState& state, const ArchiveReader& archive)
      : state_(state), archive_(archive) {}
  /// Without `end` nothing came of it. What is in the store by then helps the next try.
  ~ImportObjects();
  ImportObjects(const ImportObjects&) = delete;
  ImportObjects& operator=(const ImportObjects&) = delete;

  /// Brings all objects into the store; those that are there and right are not read. Throws
  /// Error{integrity} for bytes that are not those announced.
  void store_all();

  /// Reads what `store_all` would store, and writes nothing.
  void check_all();

  /// The objects have rows that name them. To be called in the last transaction of the import.
  void end(Db& db) const;
  /// That transaction is done.
  void forget() noexcept { intents_.clear(); }

  [[nodiscard]] const std::vector<std::string>& warnings() const noexcept { return warnings_; }

 private:
  [[nodiscard]] bool is_stored(const ArchiveMember& member);
  [[nodiscard]] bool is_damaged(const ArchiveMember& member);
  /// Members by their place, from `begin` up to `end`.
  [[nodiscard]] std::vector<std::size_t> missing(std::size_t begin, std::size_t end);
  [[nodiscard]] std::vector<std::size_t> missing_or_damaged(std::size_t begin, std::size_t end);
  void put(const std::vector<std::size_t>& which, std::size_t begin, std::size_t first_intent);
  void store_batch(std::size_t begin, std::size_t end);
  [[nodiscard]] TransferOptions watched(const ArchiveMember& member) const;

  ClientState& state_;
  const ArchiveReader& archive_;
  std::vector<std::string> intents_;
  std::vector<std::string> warnings_;
};

}  // namespace algoctl
