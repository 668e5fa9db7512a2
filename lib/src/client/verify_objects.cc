#include "client/verify_objects.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <thread>

#include "algoctl/error.h"
#include "client/transfers.h"
#include "store/side_by_side.h"

namespace algoctl {
namespace {

constexpr int kMostReaders = 8;

/// What is wrong with an object, or nullopt.
std::optional<ObjectFault> fault_of(const Store& store, const ObjectToCheck& object,
                                    const TransferOptions& options) {
  try {
    store.check(object.object, object.size, options);
    return std::nullopt;
  } catch (const Error& error) {
    if (error.code() != Code::integrity && error.code() != Code::not_found) throw;
    const bool missing = !store.look(object.object).has_value();
    return ObjectFault{object, missing, error.message()};
  }
}

}  // namespace

std::vector<ObjectFault> check_objects(ClientState& state, const Store& store,
                                       const std::vector<ObjectToCheck>& objects) {
  std::int64_t total = 0;
  std::vector<std::int64_t> sizes;
  for (const ObjectToCheck& object : objects) {
    total += object.size;
    sizes.push_back(object.size);
  }
  const int cores = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  std::mutex mutex;
  std::map<std::size_t, ObjectFault> found;
  side_by_side(sizes, std::min(cores, kMostReaders), watching(state, "verify", total),
               [&](std::size_t i, const TransferOptions& share) {
                 auto fault = fault_of(store, objects[i], share);
                 const std::lock_guard lock(mutex);
                 if (fault) found.emplace(i, std::move(*fault));
               });
  std::vector<ObjectFault> faults;
  for (auto& [index, fault] : found) faults.push_back(std::move(fault));
  return faults;
}

}  // namespace algoctl
