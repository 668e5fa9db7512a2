#include "store/remote/answers.h"

#include <charconv>

#include "algoctl/error.h"
#include "base/text.h"

namespace algoctl {

http::Field range_header(std::int64_t offset, std::int64_t size) {
  return {"range", "bytes=" + std::to_string(offset) + "-" + std::to_string(offset + size - 1)};
}

bool says_no_bucket(const http::Response& response) {
  if (response.status != 404) return false;
  const std::string code = response.header("x-ms-error-code").value_or("");
  for (const char* name : {"NoSuchBucket", "ContainerNotFound", "ResourceNotFound"}) {
    if (code == name || response.body.find(name) != std::string::npos) return true;
  }
  return false;
}

XmlNode parsed(const http::Response& response, std::string_view name, const std::string& store) {
  auto root = parse_xml(response.body);
  if (root && root->name == name) return std::move(*root);
  throw Error(Code::storage,
              store + " did not answer with " + quoted(name) + ", but with " +
                  quoted(root ? root->name : response.body.substr(0, 60)),
              "look at what answers there: is it an object store?");
}

std::int64_t number_in(std::string_view text) noexcept {
  std::int64_t number = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() && number >= 0 ? number : -1;
}

std::int64_t size_in_range(const http::Response& response) {
  const std::string range = response.header("content-range").value_or("");
  const std::size_t slash = range.find('/');
  return slash == std::string::npos ? -1 : number_in(range.substr(slash + 1));
}

Error unusable(const std::string& what) {
  return {Code::storage, what, "look at what answers there: is it an object store?"};
}

std::string next_in(const XmlNode& root, std::string_view child, const std::string& store) {
  std::string text = root.value(child);
  if (text.empty()) throw unusable(store + " answered without " + quoted(child));
  return text;
}

}  // namespace algoctl
