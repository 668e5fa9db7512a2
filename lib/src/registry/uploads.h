#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "algoctl/digest.h"
#include "base/process.h"
#include "registry/db.h"

namespace algoctl {

/// Writes down that bytes are about to be stored: nothing may lie in a store that no row knows of.
void begin_upload(Db& db, const std::string& id, const ProcessIdentity& process,
                  std::int64_t now_ms);

/// Which bytes are to be stored, where that is known before: nobody removes them meanwhile.
void upload_expects(Db& db, const std::string& id, const Digest& object, std::int64_t size);

/// True as long as nobody removes these bytes because of this upload.
bool upload_holds(Db& db, const std::string& id, const Digest& object);

/// The bytes have their final name; no label names them yet.
void upload_stored(Db& db, const std::string& id, const Digest& object, std::int64_t size);

/// The label names them, or nothing came of it.
void end_upload(Db& db, const std::string& id);

/// An upload that will not go on.
struct AbandonedUpload {
  std::string id;
  std::int64_t started_at;  ///< milliseconds since 1970, UTC
};

/// The uploads whose process has ended without a word; and those of processes that nothing is known
/// of from here, a day after they began.
std::vector<AbandonedUpload> abandoned_uploads(Db& db, std::int64_t now_ms);

/// The ids of all uploads under way, sorted.
std::vector<std::string> upload_ids(Db& db);

}  // namespace algoctl
