#include "store/remote/damage_notes.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/file.h"

namespace algoctl {

std::string DamageNotes::path(const Digest& digest) const {
  return folder_ + "/" + digest.hex() + ".damaged";
}

bool DamageNotes::has(const Digest& digest) const noexcept try {
  return !folder_.empty() && ::access(path(digest).c_str(), F_OK) == 0;
} catch (const std::exception&) {
  return false;
}

void DamageNotes::add(const Digest& digest) const noexcept try {
  if (folder_.empty()) return;
  make_folders(folder_, Durable::no);
  static_cast<void>(open_file(path(digest), O_WRONLY | O_CREAT | O_NOFOLLOW, 0600));
} catch (const std::exception&) {
}

void DamageNotes::remove(const Digest& digest) const noexcept try {
  if (!folder_.empty()) ::unlink(path(digest).c_str());
} catch (const std::exception&) {
}

}  // namespace algoctl
