// seed HOME ALGORITHM COUNT: fills the registry of an absent home with COUNT versions, by the code
// that publishes them: rows, manifests, records and journal are those of real publishes. Only
// waiting for the disk is left out.

#include <algorithm>
#include <cstdint>
#include <exception>
#include <iostream>
#include <optional>
#include <string>

#include "algoctl/digest.h"
#include "algoctl/manifest.h"
#include "algoctl/resolve.h"
#include "registry/algorithms.h"
#include "registry/manifests.h"
#include "registry/objects.h"
#include "registry/registry.h"
#include "registry/sqlite_db.h"
#include "registry/versions.h"

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

std::string manifest_text(const Algorithm& algorithm, const Version& version,
                          const Digest& object) {
  return R"({"schema": "algoctl.manifest/v1", "name": ")" + algorithm.str() + R"(", "version": ")" +
         version.str() + R"(", "models": {"model": {"uri": "data://)" + algorithm.str() +
         R"(/model.bin", "sha256": ")" + object.hex() + R"(", "size": )" +
         std::to_string(kObjectSize) + "}}}\n";
}

/// Records the manifest of a retrained model, as of the version that first has it.
Digest retrain(Db& db, const AlgorithmRow& row, const Version& number) {
  const Digest object = Digest::of("model of " + number.str());
  record_object(db, object, kObjectSize, "bench");
  const std::string text = manifest_text(row.name, number, object);
  const Digest digest = Digest::of(text);
  Manifest manifest{row.name, number, {}};
  manifest.models.push_back(
      {Slot::parse("model"), row.name, Label::parse("model.bin"), object, kObjectSize});
  record_manifest(db, digest, object, text, manifest);
  return digest;
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

void seed(const std::string& home, const Algorithm& algorithm, std::int64_t count) {
  const std::string path = home + "/registry.db";
  Registry(RegistryOptions{path}).write([&](Db& db) { take_algorithm(db, algorithm); });
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
      if (n % kRetrained == 0) manifest = retrain(*db, row, number);
      publish(*db, row, number, *manifest, previous, kStart + n * 1000);
      previous = number;
    }
    transaction.commit();
  }
  db->script("PRAGMA journal_mode = WAL");
}

}  // namespace
}  // namespace algoctl::bench

int main(int argc, char** argv) {
  if (argc != 4) {
    std::cerr << "usage: seed HOME ALGORITHM COUNT\n";
    return 2;
  }
  try {
    algoctl::bench::seed(argv[1], algoctl::Algorithm::parse(argv[2]), std::stoll(argv[3]));
  } catch (const std::exception& error) {
    std::cerr << "seed: " << error.what() << '\n';
    return 1;
  }
}
