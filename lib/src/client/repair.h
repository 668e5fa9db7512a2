#pragma once

#include <memory>
#include <optional>
#include <string>

#include "client/verify_objects.h"

namespace algoctl {

/// Where second copies of objects come from.
class Repair {
 public:
  /// `from`: path or URL of another store; empty: the mirrors. Throws as open_store.
  Repair(ClientState& state, const std::string& from, bool dry_run);

  /// Puts a verified copy in the place of a missing or damaged object; in a dry run only finds it.
  /// False when there is none that is whole. Throws Error{storage} when it cannot be written.
  bool mend(Store& store, const ObjectToCheck& object);

 private:
  [[nodiscard]] bool is_whole(const Store& store, const ObjectToCheck& object) const;
  std::optional<std::string> copy_in(const Store& store, const ObjectToCheck& object);
  std::optional<std::string> find_copy(const ObjectToCheck& object);

  ClientState& state_;
  std::unique_ptr<Store> from_;
  bool dry_run_;
};

}  // namespace algoctl
