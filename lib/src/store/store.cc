#include "store/store.h"

#include <array>
#include <string_view>
#include <utility>
#include <vector>

#include "algoctl/error.h"
#include "base/file.h"
#include "base/text.h"
#include "store/local_store.h"
#include "store/remote/kinds.h"
#include "store/remote/probe.h"
#include "store/remote/remote_store.h"
#include "store/store_url.h"

namespace algoctl {
namespace {

std::string folder_in(const std::string& url) {
  return scheme_of(url).empty() ? url : path_of_file_url(url);
}

/// One kind of store: how its URLs begin, and how its server is spoken to. A new kind is a line of
/// the table below.
struct Kind {
  std::string_view scheme;   ///< empty for a path
  std::string_view example;  ///< for messages
  /// nullptr: a folder of this file system.
  std::unique_ptr<Conversation> (*talk)(const std::string& url, const StoreSettings& settings);
};

constexpr std::array kKinds = {
    Kind{"", "the path of a folder", nullptr},
    Kind{"file", "file:///PATH", nullptr},
    Kind{"s3", "s3://BUCKET/PREFIX", talk_to_s3},
    Kind{"gs", "gs://BUCKET/PREFIX", talk_to_google},
    Kind{"azure", "azure://ACCOUNT/CONTAINER/PREFIX", talk_to_azure},
    Kind{"https", "https://HOST/PREFIX", talk_to_web},
    Kind{"http", "http://HOST/PREFIX", talk_to_web},
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

std::optional<Digest> digest_of_hex(std::string_view hex) {
  constexpr std::size_t kDigits = 64;
  if (hex.size() != kDigits ||
      hex.find_first_not_of("0123456789abcdef") != std::string_view::npos) {
    return std::nullopt;
  }
  return Digest::parse(hex);
}

Store::~Store() = default;

std::vector<std::size_t> Store::missing(const std::vector<Wanted>& objects) const {
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < objects.size(); ++i) {
    if (!has(objects[i].digest, objects[i].size)) places.push_back(i);
  }
  return places;
}

std::optional<Transferred> Store::foretell(ObjectSource& /*source*/,
                                           const TransferOptions& /*options*/) const {
  return std::nullopt;
}

int Store::width(std::int64_t /*size*/) const noexcept { return 1; }

std::unique_ptr<Conversation> open_conversation(const std::string& url,
                                                const StoreSettings& settings) {
  const Kind& kind = kind_of(url);
  if (kind.talk != nullptr) return kind.talk(url, settings);
  throw Error(Code::usage, quoted(url) + " is in this file system", "name it by its path");
}

http::Link Store::link(const Digest& /*digest*/, std::chrono::seconds /*lifetime*/) const {
  throw Error(Code::usage, "store " + url() + " gives no links",
              "a store behind a server does: s3, gs, azure, https; `algoctl pull` prints paths");
}

std::unique_ptr<Store> open_store(const std::string& url, const StoreSettings& settings) {
  const Kind& kind = kind_of(url);
  if (kind.talk == nullptr) return LocalStore::open(folder_in(url), settings.stamps);
  return RemoteStore::open(kind.talk(url, settings), {settings.scratch, settings.stamps});
}

std::unique_ptr<Store> find_store(const std::string& url, const StoreSettings& settings) {
  const Kind& kind = kind_of(url);
  if (kind.talk == nullptr) return LocalStore::find(folder_in(url), settings.stamps);
  return RemoteStore::find(kind.talk(url, settings), {settings.scratch, settings.stamps});
}

std::unique_ptr<Store> create_store(const std::string& url, const std::string& owner,
                                    const StoreSettings& settings) {
  const Kind& kind = kind_of(url);
  if (kind.talk == nullptr) return LocalStore::create(folder_in(url), owner, settings.stamps);
  return RemoteStore::create(kind.talk(url, settings), owner, {settings.scratch, settings.stamps});
}

std::unique_ptr<Store> foresee_store(const std::string& url, const StoreSettings& settings) {
  const Kind& kind = kind_of(url);
  if (kind.talk == nullptr) {
    auto found = LocalStore::find(folder_in(url), settings.stamps);
    if (!found) foresee_folder(absolute_path(folder_in(url)));
    return found;
  }
  auto talk = kind.talk(url, settings);
  const bool can_be_made = talk->bucket().limits().writable;
  return (can_be_made ? RemoteStore::find : RemoteStore::open)(std::move(talk),
                                                               {settings.scratch, settings.stamps});
}

std::vector<ProbeFinding> probe_store(const std::string& url, const StoreSettings& settings,
                                      const std::atomic<bool>* stop) {
  const Kind& kind = kind_of(url);
  if (kind.talk == nullptr) return LocalStore::open(folder_in(url), settings.stamps)->probe();
  return probe(*kind.talk(url, settings), stop);
}

}  // namespace algoctl
