#pragma once

#include <functional>
#include <string>
#include <vector>

#include "algoctl/maintain.h"
#include "client/state.h"

namespace algoctl {

/// What the steps of a collection share: the options, and whom to tell what was freed.
struct Collection {
  ClientState& state;
  const GcOptions& options;
  const std::function<void(const GcItem&)>& visit;
  GcResult result = {};
  std::vector<std::string> ended = {};  ///< ids of uploads that are not under way any more, sorted

  /// Counts an item and tells of it.
  void add(const GcItem& item);

  /// A write transaction; on a full disk once more, where the log needs no room.
  void write(const std::function<void(Db&)>& body);
};

// The steps, in the order in which they help on a full disk: the first ones need no room.

/// Views and stamps that serve nobody, that the options do not keep, or that are too much.
void collect_cache(Collection& gc);

/// What uploads of processes that have ended left in the store.
void collect_uploads(Collection& gc, Store& store);

/// Objects that nothing needs: into the trash, and out of it after the grace.
void collect_objects(Collection& gc, Store& store);

}  // namespace algoctl
