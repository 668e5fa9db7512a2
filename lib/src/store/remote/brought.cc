#include "store/remote/brought.h"

#include "base/text.h"
#include "http/fields.h"
#include "store/remote/answers.h"

namespace algoctl {
namespace {

constexpr std::string_view kBytes = "bytes ";

}  // namespace

bool is_chunked(const http::Response& head) {
  return http::lower(head.header("transfer-encoding").value_or("")).find("chunked") !=
         std::string::npos;
}

std::optional<Brought> brought_by(const http::Response& head) {
  if (head.status != 206) {
    if (is_chunked(head)) return Brought();
    const std::int64_t size = number_in(head.header("content-length").value_or(""));
    return Brought{0, size, size};
  }
  // bytes 0-9/10, or bytes 0-9/*
  const std::string text = head.header("content-range").value_or("");
  const std::size_t dash = text.find('-'), slash = text.find('/');
  if (!starts_with(http::lower(text), kBytes) || dash == std::string::npos ||
      slash == std::string::npos || slash < dash) {
    return std::nullopt;
  }
  const std::int64_t first = number_in(text.substr(kBytes.size(), dash - kBytes.size()));
  const std::int64_t last = number_in(text.substr(dash + 1, slash - dash - 1));
  const std::string total_text = text.substr(slash + 1);
  const std::int64_t total = number_in(total_text);
  const bool total_fits = total_text == "*" || total > last;
  if (first < 0 || last < first || !total_fits) return std::nullopt;
  return Brought{first, last + 1, total};
}

}  // namespace algoctl
