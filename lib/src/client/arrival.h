#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "client/sources.h"
#include "client/storing.h"
#include "client/transfers.h"
#include "registry/db.h"
#include "store/remote/external_object.h"
#include "store/source.h"
#include "store/store.h"

namespace algoctl {

/// One file of an upload, from its opening until its bytes are there; or an object outside, whose
/// bytes stay where they are or are copied. The functions that take TransferOptions may be called
/// for several files at once.
class Arrival {
 public:
  /// Keeps what it is given by reference. Throws as ObjectSource::open, or ExternalObject.
  Arrival(ClientState& state, const Algorithm& algorithm, const Incoming& incoming,
          const UploadOptions& options, Taken taken);

  /// Bytes; -1 of a stream, and of an object outside.
  [[nodiscard]] std::int64_t size() const {
    return can_be_read_again() ? source_->stamp()->size : -1;
  }
  /// True of an object outside that nothing copies: it is looked up and referred to, never put.
  [[nodiscard]] bool stays() const { return outside_ && !options_.copy; }

  /// Compares with what the label names already, before anything is stored. Costs a second reading
  /// only where the bytes turn out to be others. Throws Error{conflict}.
  void check_label_early();

  /// `run`, under the file's name.
  [[nodiscard]] Transfer transfer(std::function<void(const TransferOptions&)> run) const;

  /// Finds out whether the bytes are there, without reading the file, or at least which they are
  /// where the store can tell. What stays is read.
  void look_up(const Store& store, const TransferOptions& options);
  /// They are, and something needs them, so that nobody collects them.
  [[nodiscard]] bool is_done(Db& db) const;
  /// Writes down where what stays is, before anything names it.
  void refer(Db& db) const;

  /// Writes down that they are about to be stored. From here on nobody collects bytes that were
  /// there but that nothing needed.
  void begin(Db& db);
  void put(Store& store, const TransferOptions& options);
  /// True when it was written down before `put` which bytes they are.
  [[nodiscard]] bool is_noted() const { return foretold_ && foretold_->digest == stored_->digest; }
  /// Writes that down, once it is known.
  void note(Db& db) const;
  /// True of bytes that were in the store before.
  [[nodiscard]] bool found_there() const { return !stored_->created; }
  /// True of a file, false of a stream.
  [[nodiscard]] bool can_be_read_again() const { return source_ && source_->stamp(); }
  void put_again(Store& store, const TransferOptions& options);
  /// Nothing came of it.
  void end(Db& db) const;

  /// Once they are there:
  [[nodiscard]] Store::Wanted bytes() const { return {stored_->digest, stored_->size}; }
  [[nodiscard]] Arrived arrived() const;

  /// What `arrived` would be, `stored` left open: reads the file, writes nothing.
  [[nodiscard]] Arrived foresee();

 private:
  [[nodiscard]] TransferOptions watched() const;
  [[nodiscard]] Transferred read();
  [[nodiscard]] Fd copied(const TransferOptions& options) const;
  [[nodiscard]] Label label_of(const Digest* sha256) const;
  [[nodiscard]] Arrived arrived(const Stored& stored) const;

  ClientState& state_;
  const Algorithm& algorithm_;
  const Incoming& incoming_;
  const UploadOptions& options_;
  Taken taken_;
  std::optional<ExternalObject> outside_;  ///< of a URL
  std::optional<ObjectSource> source_;     ///< of anything else
  std::string intent_;                     ///< the upload's id; empty until `begin`
  std::optional<Transferred> foretold_;    ///< the bytes that are to be there
  std::optional<Stored> stored_;           ///< the bytes that are there
};

}  // namespace algoctl
