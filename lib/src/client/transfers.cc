#include "client/transfers.h"

#include <algorithm>

#include "base/text.h"
#include "store/side_by_side.h"

namespace algoctl {

TransferOptions watching(const ClientState& state, const std::string& name, std::int64_t size) {
  TransferOptions watch;
  watch.stop = state.options.stop;
  if (state.options.progress) {
    watch.progress = [&state, name, size](std::int64_t done) {
      state.options.progress({name, done, size});
    };
  }
  return watch;
}

void run_all(const ClientState& state, const Store* store, const std::vector<Transfer>& transfers) {
  std::vector<const Transfer*> together;
  for (const Transfer& transfer : transfers) {
    if (store != nullptr && transfer.size >= 0 && store->width(transfer.size) > 1)
      together.push_back(&transfer);
  }
  if (together.size() == 1) together.clear();
  int width = 1;
  std::int64_t bytes = 0;
  std::vector<std::int64_t> sizes;
  for (const Transfer* transfer : together) {
    width = std::max(width, store->width(transfer->size));
    bytes += transfer->size;
    sizes.push_back(transfer->size);
  }
  for (const Transfer& transfer : transfers) {
    if (std::find(together.begin(), together.end(), &transfer) != together.end()) continue;
    transfer.run(watching(state, transfer.name, transfer.size));
  }
  if (together.empty()) return;
  const std::string name = counted(static_cast<std::int64_t>(together.size()), "file");
  side_by_side(sizes, width, watching(state, name, bytes),
               [&](std::size_t i, const TransferOptions& share) { together[i]->run(share); });
}

}  // namespace algoctl
