#include "store/store.h"

#include <array>
#include <string_view>
#include <vector>

#include "algoctl/error.h"
#include "base/text.h"
#include "store/local_store.h"
#include "store/store_url.h"

namespace algoctl {
namespace {

std::string folder_in(const std::string& url) {
  return scheme_of(url).empty() ? url : path_of_file_url(url);
}

std::unique_ptr<Store> open_local(const std::string& url, const Stamps& stamps) {
  return LocalStore::open(folder_in(url), stamps);
}

std::unique_ptr<Store> create_local(const std::string& url, const std::string& owner,
                                    const Stamps& stamps) {
  return LocalStore::create(folder_in(url), owner, stamps);
}

/// One kind of store: how its URLs begin, and how it is had. A new kind is a line of the table
/// below.
struct Kind {
  std::string_view scheme;   ///< empty for a path
  std::string_view example;  ///< for messages
  std::unique_ptr<Store> (*open)(const std::string& url, const Stamps& stamps);
  std::unique_ptr<Store> (*create)(const std::string& url, const std::string& owner,
                                   const Stamps& stamps);
};

constexpr std::array kKinds = {
    Kind{"", "the path of a folder", open_local, create_local},
    Kind{"file", "file:///PATH", open_local, create_local},
};

const Kind& kind_of(const std::string& url) {
  if (url.empty()) throw Error(Code::usage, "the store is named by an empty text");
  const std::string scheme = scheme_of(url);
  std::vector<std::string> examples;
  for (const Kind& kind : kKinds) {
    if (kind.scheme == scheme) return kind;
    examples.emplace_back(kind.example);
  }
  // Not the whole URL: it may hold a password.
  throw Error(Code::usage, "no kind of store has URLs that begin with " + quoted(scheme + ":"),
              "write " + join(examples, " or "));
}

}  // namespace

Store::~Store() = default;

std::unique_ptr<Store> open_store(const std::string& url, const Stamps& stamps) {
  return kind_of(url).open(url, stamps);
}

std::unique_ptr<Store> create_store(const std::string& url, const std::string& owner,
                                    const Stamps& stamps) {
  return kind_of(url).create(url, owner, stamps);
}

}  // namespace algoctl
