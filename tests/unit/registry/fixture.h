#pragma once

#include <memory>
#include <string>

#include "algoctl/error.h"
#include "core/manifest_text.h"
#include "registry/algorithms.h"
#include "registry/labels.h"
#include "registry/manifests.h"
#include "registry/objects.h"
#include "registry/registry.h"
#include "registry/sqlite_db.h"
#include "registry/versions.h"
#include "support/temporary_folder.h"

namespace algoctl::test {

inline const Algorithm kName = Algorithm::parse("acme/sentiment");

/// A registry of its own in a temporary folder.
struct RegistryFixture {
  RegistryFixture() : registry(options()) {}

  [[nodiscard]] RegistryOptions options() const {
    RegistryOptions options;
    options.path = folder / "registry.db";
    options.timeout = std::chrono::milliseconds(2000);
    return options;
  }

  /// A connection beside the registry's own, as somebody with a SQLite shell has it.
  [[nodiscard]] std::unique_ptr<Db> shell() const {
    return open_sqlite({folder / "registry.db", SqliteOptions::Mode::read_write,
                        std::chrono::milliseconds(2000), nullptr});
  }

  /// Publishes `number`, with one object whose bytes are `bytes`, as `name`.
  VersionInfo publish(const std::string& number, const std::string& bytes = "weights",
                      const std::string& name = "acme/sentiment", std::int64_t now = 1000) {
    std::optional<VersionInfo> info;
    registry.write([&](Db& db) {
      AlgorithmRow row = take_algorithm(db, Algorithm::parse(name));
      const Digest object = Digest::of(bytes);
      record_object(db, object, static_cast<std::int64_t>(bytes.size()), "store");
      const Label label = Label::parse("model.pkl");
      move_label(db, row, label, object, "ada", now);
      const Version version = Version::parse(number);
      const std::string text = new_manifest(row.name,
                                            {{Slot::parse("model"), row.name, label, object,
                                              static_cast<std::int64_t>(bytes.size())}},
                                            version);
      const auto newest = newest_version(db, row, std::nullopt);
      record_manifest(db, Digest::of(text), Digest::of(manifest_essence(text, "manifest")), text,
                      Manifest::parse(text, "manifest"));
      info = VersionInfo{row.name, version, 0,  Digest::of(text), std::nullopt, 0,
                         "ada",    "why",   {}, object,           std::nullopt};
      if (newest) info->previous = newest->version;
      insert_version(db, row, *info, now);
    });
    return *info;
  }

  [[nodiscard]] std::string resolve(const std::string& selector, bool prereleases = false,
                                    const std::string& name = "acme/sentiment") {
    std::string number = "none";
    registry.read([&](Db& db) {
      const auto row = find_algorithm(db, Algorithm::parse(name));
      if (!row) return;
      const auto version = find_version(db, *row, Selector::parse(selector), prereleases);
      if (version) number = version->version.str();
    });
    return number;
  }

  TemporaryFolder folder;
  Registry registry;
};

}  // namespace algoctl::test
