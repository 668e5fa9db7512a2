#pragma once

#include <optional>
#include <string>

#include "registry/db.h"

namespace algoctl {

/// What the registry remembers of itself: `registry_id`, `store_id`, `store_url`.
std::optional<std::string> setting(Db& db, const std::string& name);
void set_setting(Db& db, const std::string& name, const std::string& value);

}  // namespace algoctl
