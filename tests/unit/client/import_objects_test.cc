#include "client/import_objects.h"

#include <doctest/doctest.h>

#include "unit/client/shelf.h"

using namespace algoctl;
using test::Shelf;

TEST_CASE("import_objects: what is collected while an import goes on is stored again") {
  Shelf from;
  from.ship("january");
  from.ship("february");
  ExportOptions everything;
  everything.all = true;
  everything.file = from.folder / "x.tar";
  from.client.export_archive(everything);
  // The first object of the file is here, but nothing needs it, and it is in the trash.
  const bool january = Digest::of("january").hex() < Digest::of("february").hex();
  Shelf to;
  to.upload(january ? "january" : "february", "moved.pkl");
  to.upload("another", "moved.pkl", "model", true);
  const auto collect = [&to] {
    GcOptions now;
    now.grace = std::chrono::milliseconds(0);
    int objects = 0;
    to.client.gc(now, [&](const GcItem& item) { objects += item.kind == GcItem::Kind::object; });
    return objects;
  };
  CHECK(collect() == 1);
  ClientOptions options = to.options();
  int freed = 0;
  options.progress = [&](const Progress&) { freed += collect(); };
  Client importing(options);
  CHECK(importing.import_archive({everything.file, {}, false}).versions.size() == 2);
  CHECK(freed == 1);
  CHECK(test::read(to.client.pull(to.ref("1.0.0")).files.at(0).path) == "january");
  CHECK(test::read(to.client.pull(to.ref("1.1.0")).files.at(0).path) == "february");
}
