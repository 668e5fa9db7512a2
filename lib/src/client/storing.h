#pragma once

#include <string>
#include <vector>

#include "client/sources.h"
#include "client/state.h"
#include "registry/algorithms.h"

namespace algoctl {

/// Bytes that are in the store, or in a dry run would be, or that stay elsewhere, and the label
/// they are to get.
struct Arrived {
  std::optional<Slot> slot;
  Label label;
  Digest sha256;
  std::int64_t size;         ///< bytes
  bool stored;               ///< false when the store had them
  std::string intent = {};   ///< the upload that `name_files` ends; empty when none was begun
  bool held = false;         ///< it was noted for them before anybody looked: they cannot go
  std::string warning = {};  ///< what a person should know, or empty
  std::optional<std::string> external = {};  ///< the URL where they stay

  [[nodiscard]] UploadedFile answer(const Algorithm& algorithm, bool with_slot) const;
  [[nodiscard]] ModelFile model(const Algorithm& algorithm) const;
};

/// What a label that names other bytes means for a file.
enum class Taken {
  refuse,  ///< Error{conflict}
  move,    ///< the label moves
  rename,  ///< the file becomes `{stem}-{sha}{ext}`
};

/// Brings files into the store: intent, bytes, final name, each durable before the next. No label
/// names them yet. Throws Error{conflict} before anything is stored when a label is taken by other
/// bytes and `taken` says refuse.
std::vector<Arrived> store_files(ClientState& state, const Algorithm& algorithm,
                                 const std::vector<Incoming>& incoming,
                                 const UploadOptions& options, Taken taken);

/// Only what `store_files` would come to: reads the files, writes nothing.
std::vector<Arrived> foresee_files(ClientState& state, const Algorithm& algorithm,
                                   const std::vector<Incoming>& incoming,
                                   const UploadOptions& options, Taken taken);

/// Gives every file its label, in one transaction, and ends the uploads. Throws Error{conflict}
/// when a label was taken meanwhile, or does not name what `options.expect` says.
void name_files(ClientState& state, const Algorithm& algorithm, const std::vector<Arrived>& files,
                const UploadOptions& options, Taken taken);

/// Removes what killed uploads of this machine left: their bytes first, then the rows that know
/// them.
void sweep_abandoned(ClientState& state, Store& store);

/// Ends the uploads of files that will get no label. Never throws: gc finds what is left.
void abandon_files(ClientState& state, const std::vector<Arrived>& files) noexcept;

}  // namespace algoctl
