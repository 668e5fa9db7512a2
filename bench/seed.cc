// seed HOME ALGORITHM COUNT: fills the registry of an absent home with COUNT versions, by the code
// that publishes them: rows, manifests, records and journal are those of real publishes. Only
// waiting for the disk is left out.
//
// seed HOME ALGORITHM COUNT OBJECTS MOVED: the same, but each version has OBJECTS files of its own,
// and MOVED labels have moved away from theirs. All objects are in the home's store, with a byte in
// each instead of what their names say.

#include <fcntl.h>

#include <algorithm>
#include <cstdint>
#include <exception>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "algoctl/digest.h"
#include "algoctl/manifest.h"
#include "algoctl/resolve.h"
#include "base/file.h"
#include "core/manifest_text.h"
#include "registry/algorithms.h"
#include "registry/labels.h"
#include "registry/manifests.h"
#include "registry/objects.h"
#include "registry/registry.h"
#include "registry/settings.h"
#include "registry/sqlite_db.h"
#include "registry/versions.h"
#include "store/local_store.h"

namespace algoctl::bench {
namespace {

constexpr std::int64_t kBatch = 200'000;            // versions in one transaction
constexpr std::int64_t kRetrained = 100;            // versions with one model
constexpr std::int64_t kStart = 1'550'000'000'000;  // February 2019, in milliseconds
constexpr std::int64_t kObjectSize = 1 << 20;

/// The n-th version number: ten majors, as many minors as patches, or close to it.
class Numbers {
 public:
  explicit Numbers(std::int64_t count) {
    while (10 * minors_ * patches_ < count) (minors_ < patches_ / 10 ? minors_ : patches_) *= 10;
  }

  [[nodiscard]] Version at(std::int64_t n) const {
    return Version(n / (minors_ * patches_), n / patches_ % minors_, n % patches_, "", "");
  }

 private:
  std::int64_t minors_ = 10;
  std::int64_t patches_ = 10;
};

/// What the versions are made of, and where it lies.
struct Plan {
  std::int64_t count;
  std::int64_t retrained = kRetrained;
  std::int64_t objects = 1;
  std::int64_t moved = 0;
  Store* store = nullptr;
};

/// Records an object, and puts something in its place when there is a store.
Digest make_object(Db& db, const Plan& plan, const std::string& what) {
  const Digest object = Digest::of(what);
  record_object(db, object, kObjectSize, plan.store == nullptr ? "bench" : plan.store->id());
  if (plan.store == nullptr) return object;
  const std::string path = dynamic_cast<LocalStore&>(*plan.store).object_path(object);
  make_folders(folder_of(path));
  write_all(open_file(path, O_WRONLY | O_CREAT, 0444).get(), "x", path);
  return object;
}

/// Records the manifest of a retrained model, as of the version that first has it.
Digest retrain(Db& db, const AlgorithmRow& row, const Plan& plan, const Version& number) {
  std::vector<ModelFile> models;
  for (std::int64_t i = 0; i < plan.objects; ++i) {
    const std::string part = i == 0 ? "model" : "part-" + std::to_string(i);
    const Digest object = make_object(db, plan, part + " of " + number.str());
    models.push_back(
        {Slot::parse(part), row.name, Label::parse(part + ".bin"), object, kObjectSize});
  }
  const std::string text = new_manifest(row.name, models, number);
  const Digest digest = Digest::of(text);
  record_manifest(db, digest, digest, text, Manifest{row.name, number, models});
  return digest;
}

/// Labels that have left one object each.
void move_labels(Db& db, const Algorithm& algorithm, const Plan& plan) {
  Transaction transaction(db, Db::Access::write);
  AlgorithmRow row = take_algorithm(db, algorithm);
  const Digest now = make_object(db, plan, "what labels name now");
  for (std::int64_t i = 0; i < plan.moved; ++i) {
    const Label label = Label::parse("moved-" + std::to_string(i) + ".bin");
    const Digest before = make_object(db, plan, label.str());
    move_label(db, row, label, before, "bench", kStart);
    move_label(db, row, label, now, "bench", kStart);
  }
  transaction.commit();
}

void publish(Db& db, AlgorithmRow& row, const Version& number, const Digest& digest,
             const std::optional<Version>& previous, std::int64_t now_ms) {
  VersionInfo version{.algorithm = row.name,
                      .version = number,
                      .sequence = 0,  // insert_version fills in this, the time and the record
                      .manifest_sha256 = digest,
                      .previous = previous,
                      .published_at = 0,
                      .published_by = "bench",
                      .notes = "",
                      .provenance = {},
                      .record = digest,
                      .yank = std::nullopt};
  insert_version(db, row, version, now_ms);
}

void seed(const std::string& home, const Algorithm& algorithm, Plan plan) {
  const std::string path = home + "/registry.db";
  std::unique_ptr<Store> store;
  Registry(RegistryOptions{path}).write([&](Db& db) {
    take_algorithm(db, algorithm);
    if (plan.moved == 0) return;
    store = create_store(home + "/store", setting(db, "registry_id").value(), {});
    set_setting(db, "store_id", store->id());
    set_setting(db, "store_url", "store");
  });
  plan.store = store.get();
  const std::int64_t count = plan.count;
  const auto db = open_sqlite({path, SqliteOptions::Mode::read_write});
  db->script("PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; PRAGMA cache_size = -500000");
  const Numbers numbers(count);
  std::optional<Digest> manifest;
  std::optional<Version> previous;
  for (std::int64_t begin = 0; begin < count; begin += kBatch) {
    Transaction transaction(*db, Db::Access::write);
    AlgorithmRow row = take_algorithm(*db, algorithm);
    for (std::int64_t n = begin; n < std::min(begin + kBatch, count); ++n) {
      const Version number = numbers.at(n);
      if (n % plan.retrained == 0) manifest = retrain(*db, row, plan, number);
      publish(*db, row, number, *manifest, previous, kStart + n * 1000);
      previous = number;
    }
    transaction.commit();
  }
  if (plan.moved > 0) move_labels(*db, algorithm, plan);
  db->script("PRAGMA journal_mode = WAL");
}

}  // namespace
}  // namespace algoctl::bench

int main(int argc, char** argv) {
  if (argc != 4 && argc != 6) {
    std::cerr << "usage: seed HOME ALGORITHM COUNT [OBJECTS MOVED]\n";
    return 2;
  }
  try {
    algoctl::bench::Plan plan{std::stoll(argv[3])};
    if (argc == 6) {
      plan.retrained = 1;
      plan.objects = std::stoll(argv[4]);
      plan.moved = std::stoll(argv[5]);
    }
    algoctl::bench::seed(argv[1], algoctl::Algorithm::parse(argv[2]), plan);
  } catch (const std::exception& error) {
    std::cerr << "seed: " << error.what() << '\n';
    return 1;
  }
}
