// Collecting in a store on a server.

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <thread>

#include "algoctl/client.h"
#include "base/process.h"
#include "registry/registry.h"
#include "registry/uploads.h"
#include "unit/client/far_options.h"

namespace algoctl::test {
namespace {

/// A label that has moved `times` times, so that as many objects are in the trash for long enough.
/// The clock is moved by hand, by any thread.
struct FarYard {
  explicit FarYard(int times) {
    ClientOptions options = far_options(s3, folder);
    options.now = [this] { return now.load(); };
    client = std::make_unique<Client>(options);
    const Algorithm name = Algorithm::parse("acme/sentiment");
    client->init(name, folder / "work");
    UploadOptions upload;
    upload.algorithm = name;
    upload.label = "m.pkl";
    upload.replace = true;
    for (int i = 0; i <= times; ++i) {
      upload.files = {{folder.write("in/m.pkl", "bytes " + std::to_string(i)), std::nullopt}};
      client->upload(upload);
    }
    client->gc({}, [](const GcItem&) {});
    now += std::int64_t{2} * 60 * 60 * 1000;
  }

  /// Another process that publishes, say, and does not wait long.
  [[nodiscard]] RegistryOptions neighbour() const {
    RegistryOptions options;
    options.path = folder / "home/registry.db";
    options.timeout = std::chrono::seconds(20);
    return options;
  }

  PlayedS3 s3;
  TemporaryFolder folder;
  std::atomic<std::int64_t> now{1551312000000};
  std::unique_ptr<Client> client;
};

}  // namespace

TEST_CASE("gc: a server that takes its time to remove does not keep others from the registry") {
  FarYard yard(20);
  Registry neighbour(yard.neighbour());
  std::atomic<int> removed{0};
  std::atomic<int> removed_before_turn{-1};
  std::thread waiting;
  yard.s3.lie([&](const SeenRequest& request) {
    if (request.method == "DELETE" && ++removed > 0) {
      yard.now += 300;  // what it takes
      if (removed == 1) {
        waiting = std::thread(
            [&] { neighbour.write([&](Db&) { removed_before_turn = removed.load(); }); });
      }
    }
    return std::nullopt;
  });
  int told = 0;
  int most_untold = 0;
  yard.client->gc({},
                  [&](const GcItem&) { most_untold = std::max(most_untold, removed - told++); });
  waiting.join();
  CHECK(removed == 20);
  CHECK(most_untold == 1);  // removed in one turn under the lock
  CHECK(removed_before_turn < 20);
}

TEST_CASE("gc: parts on a server go after a day, but not while an upload is under way") {
  PlayedS3 s3;
  const TemporaryFolder folder;
  Client client(far_options(s3, folder));
  client.init(Algorithm::parse("acme/sentiment"), folder / "work");
  const std::string hex = Digest::of("large").hex();
  s3.leave_upload("prefix/objects/sha256/" + hex.substr(0, 2) + "/" + hex);
  RegistryOptions registry_options;
  registry_options.path = folder / "home/registry.db";
  Registry registry(registry_options);
  registry.write([](Db& db) { begin_upload(db, "alive", this_process(), 1551312000000); });
  client.gc({}, [](const GcItem&) {});
  CHECK(s3.open_uploads() == 1);
  registry.write([](Db& db) { end_upload(db, "alive"); });
  std::string freed;
  client.gc({}, [&](const GcItem& item) { freed += item.name; });
  CHECK(s3.open_uploads() == 0);
  CHECK(freed.find(hex) != std::string::npos);
}

TEST_CASE("gc: what a killed probe left goes after a day") {
  PlayedS3 s3;
  const TemporaryFolder folder;
  Client client(far_options(s3, folder));
  client.init(Algorithm::parse("acme/sentiment"), folder / "work");
  const std::string probe = "prefix/probe/0123456789abcdef0123456789abcdef";
  s3.set(probe, "bytes");
  s3.leave_upload(probe + "-parts");
  std::string freed;
  client.gc({}, [&](const GcItem& item) { freed += item.name + "\n"; });
  CHECK(freed == probe.substr(7) + "\n" + probe.substr(7) + "-parts+upload-2\n");
  CHECK(s3.objects().count(probe) == 0);
  CHECK(s3.open_uploads() == 0);
}

}  // namespace algoctl::test
