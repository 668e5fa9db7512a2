// Collecting what a server has of uploads in parts.

#include <doctest/doctest.h>

#include "algoctl/client.h"
#include "base/process.h"
#include "registry/registry.h"
#include "registry/uploads.h"
#include "unit/client/far_options.h"

namespace algoctl::test {
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

}  // namespace algoctl::test
