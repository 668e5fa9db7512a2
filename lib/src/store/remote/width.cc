#include "store/remote/width.h"

#include <algorithm>

namespace algoctl {
namespace {

constexpr int kMostParts = 16;
constexpr double kWorthIt = 1.25;
constexpr std::int64_t kStartMs = 200;  // connections that were just made are slow
constexpr std::int64_t kMeasureMs = 400;

}  // namespace

Width next_width(const Width& now, double rate) noexcept {
  if (now.settled || rate <= 0) return now;
  if (rate < now.before * kWorthIt) return {now.parts / 2, now.before, true};
  if (now.parts >= kMostParts) return {now.parts, now.before, true};
  return {std::min(now.parts * 2, kMostParts), rate, false};
}

int Widening::parts(std::int64_t now_ms, std::int64_t moved) noexcept {
  if (changed_ms_ < 0) changed_ms_ = now_ms;
  if (since_ms_ < 0 && now_ms - changed_ms_ >= kStartMs) {
    since_ms_ = now_ms;
    since_moved_ = moved;
  }
  if (since_ms_ < 0 || now_ms - since_ms_ < kMeasureMs) return width_.parts;
  const auto elapsed = static_cast<double>(now_ms - since_ms_) / 1000;
  width_ = next_width(width_, static_cast<double>(moved - since_moved_) / elapsed);
  since_ms_ = -1;
  changed_ms_ = now_ms;
  return width_.parts;
}

}  // namespace algoctl
