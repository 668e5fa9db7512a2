#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "store/object_cache.h"
#include "store/remote/remote_store.h"
#include "support/temporary_folder.h"
#include "unit/store/remote/small_parts.h"
#include "unit/store/store_fixture.h"

namespace algoctl::test {

/// A store on a played server, which does not wait between tries.
class RemoteFixture {
 public:
  std::unique_ptr<RemoteStore> open() { return RemoteStore::open(talk(), local()); }
  std::unique_ptr<RemoteStore> create(const std::string& owner = "owner-1") {
    return RemoteStore::create(talk(), owner, local());
  }

  std::unique_ptr<Conversation> talk() { return talk_in_small_parts(s3, "prefix"); }
  [[nodiscard]] RemoteStore::Local local() const {
    return {folder / "scratch", Stamps(folder / "cache")};
  }

  /// What puts other bytes where an object is, as another program would.
  std::function<void(const Digest&, const std::string&)> overwriting() {
    return [this](const Digest& object, const std::string& bytes) {
      s3.set("prefix/" + object_key(object), bytes);
    };
  }

  Stored put(Store& store, const std::string& bytes) {
    return put_file(store, folder.write("model.bin", bytes), "upload");
  }
  std::string object(const std::string& bytes) { return "prefix/" + object_key(Digest::of(bytes)); }
  std::string pull(const Store& store, const std::string& bytes) {
    const ObjectCache cache(folder / "cache", Stamps());
    return read(cache.get(store, Digest::of(bytes), static_cast<std::int64_t>(bytes.size()), {}));
  }

  TemporaryFolder folder;
  PlayedS3 s3;
};

/// The numbers of the parts that journals below a folder know of.
inline std::vector<int> journaled(const std::string& folder) {
  std::vector<int> parts;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (name.find(".up") == std::string::npos && name.find(".journal") == std::string::npos) {
      continue;
    }
    const std::string text = read(entry.path().string());
    for (std::size_t at = 0; (at = text.find("\"part\":", at)) != std::string::npos; ++at) {
      parts.push_back(std::stoi(text.substr(at + 7)));
    }
  }
  return parts;
}

inline bool holds(const SeenRequest& request, const std::string& part) {
  return request.target.find(part) != std::string::npos;
}

}  // namespace algoctl::test
