#include <algorithm>

#include "algoctl/client.h"
#include "base/file.h"
#include "base/text.h"
#include "client/explain.h"
#include "client/state.h"
#include "core/json_fields.h"
#include "registry/algorithms.h"
#include "registry/journal.h"
#include "registry/manifests.h"
#include "registry/versions.h"

namespace algoctl {
namespace {

constexpr std::int64_t kLargestLock = std::int64_t{4} << 20;

/// Who has pinned a prerelease goes on with prereleases: `outdated` and `pin --update` say the
/// same.
bool wants_prereleases(const Pin& pin) { return !pin.version.is_release(); }

/// The selector resolved anew.
Pin resolve_pin(Db& db, const Algorithm& name, const Selector& selector, bool prereleases) {
  const AlgorithmRow row = require_algorithm(db, name);
  const auto version = find_version(db, row, selector, prereleases);
  if (!version) throw no_such_version(db, row, selector);
  const auto manifest =
      Manifest::parse(manifest_bytes(db, version->manifest_sha256), version->version.str());
  return {name,
          selector,
          version->version,
          version->manifest_sha256,
          Digest::parse(row.journal_head),
          manifest.models};
}

/// True when the pinned version is one that its own selector can have meant. What a channel or
/// latest meant is nowhere written, and who pins with --pre gets prereleases.
bool fits_selector(const Pin& pin) {
  switch (pin.selector.kind()) {
    case Selector::Kind::exact:
    case Selector::Kind::range: return pin.selector.admits(pin.version, true);
    case Selector::Kind::digest: return pin.selector.digest() == pin.manifest_sha256;
    case Selector::Kind::latest:
    case Selector::Kind::channel: return true;
  }
  return true;
}

/// The algorithm of a pin. Where the lock file has to fit, one that is not there is a misfit.
AlgorithmRow pinned_algorithm(Db& db, const Pin& pin, Code misfit) {
  if (misfit == Code::integrity) return require_algorithm(db, pin.algorithm);
  auto row = find_algorithm(db, pin.algorithm);
  if (row) return *std::move(row);
  throw Error(misfit,
              "the lock file names " + pin.algorithm.str() + ", which the registry does not have",
              "check that this is the registry it was pinned in");
}

/// Throws unless the registry still says of a pin what it said when it was pinned.
/// `misfit` is the code for it: lock_mismatch where the lock file has to fit, else integrity.
void check_pin(Db& db, const Pin& pin, Code misfit) {
  const std::string name = pin.algorithm.str() + "@" + pin.version.str();
  if (!fits_selector(pin)) {
    throw Error(misfit,
                "the lock file has " + name + " for the selector " + quoted(pin.selector.str()) +
                    ", which it does not satisfy",
                "pin it again with `algoctl pin --update`");
  }
  const AlgorithmRow row = pinned_algorithm(db, pin, misfit);
  const auto version = exact_version(db, row, pin.version);
  if (!version) {
    throw Error(misfit == Code::integrity ? Code::not_found : misfit,
                "the lock file names " + name + ", which the registry does not have",
                "check that this is the registry it was pinned in");
  }
  if (version->manifest_sha256 != pin.manifest_sha256) {
    throw Error(misfit,
                "the lock file and the registry differ about " + name + "\n  locked:   " +
                    pin.manifest_sha256.str() + "\n  registry: " + version->manifest_sha256.str(),
                "a version never changes: check that this is the registry it was pinned in");
  }
  if (!has_event(db, row, pin.journal_head)) {
    throw Error(misfit,
                "the history of " + pin.algorithm.str() +
                    " was rewritten since it was pinned: its journal has no event " +
                    pin.journal_head.str(),
                "check that this is the registry it was pinned in");
  }
  const auto published =
      Manifest::parse(manifest_bytes(db, version->manifest_sha256), version->version.str());
  const bool same_files = std::equal(
      pin.models.begin(), pin.models.end(), published.models.begin(), published.models.end(),
      [](const ModelFile& a, const ModelFile& b) {
        return a.slot == b.slot && a.sha256 == b.sha256 && a.size == b.size && a.uri() == b.uri();
      });
  if (!same_files) {
    throw Error(misfit, "the lock file names other files than the manifest of " + name,
                "pin it again with `algoctl pin --update`");
  }
}

Lock require_lock(const std::string& path, Code code) {
  auto lock = read_lock(path);
  if (!lock) {
    throw Error(code, "there is no lock file " + quoted(path),
                "make one with `algoctl pin OWNER/NAME@SELECTOR`");
  }
  return *std::move(lock);
}

bool is_of_newer_program(const std::string& text) {
  try {
    JsonFields(text, "").require_schema("algoctl.lock", Code::storage);
  } catch (const Error& error) {
    return error.code() == Code::storage;
  }
  return false;
}

/// What is to be written anew need not be readable: then it is as good as none, and said to be. One
/// of a newer program is not touched.
Lock readable_lock(const std::string& path, const std::function<void(const std::string&)>& warn) {
  const auto text = read_file(path, kLargestLock);
  if (!text) return {};
  try {
    return Lock::parse(*text, path);
  } catch (const Error& error) {
    if (is_of_newer_program(*text)) throw;
    if (warn) warn(error.message() + "; it is written anew, with nothing else in it");
    return {};
  }
}

/// Throws unless the references say of each algorithm one thing: a lock file has one pin for it.
void require_one_each(const std::vector<Reference>& references) {
  for (auto it = references.begin(); it != references.end(); ++it) {
    const auto other = std::find_if(references.begin(), it, [&](const Reference& earlier) {
      return earlier.algorithm() == it->algorithm() && earlier.str() != it->str();
    });
    if (other == it) continue;
    throw Error(Code::usage,
                quoted(other->str()) + " and " + quoted(it->str()) +
                    " are of one algorithm, and a lock file has one pin for each",
                "give one of them");
  }
}

/// True when the lock's pin already is what `reference` asks to be pinned.
bool is_pinned(const Pin* pin, const Reference& reference) {
  return pin != nullptr &&
         (!reference.has_selector() || pin->selector.str() == reference.selector().str());
}

void put(Lock& lock, Pin pin) {
  const auto place =
      std::lower_bound(lock.pins.begin(), lock.pins.end(), pin,
                       [](const Pin& a, const Pin& b) { return a.algorithm < b.algorithm; });
  if (place != lock.pins.end() && place->algorithm == pin.algorithm) {
    *place = std::move(pin);
  } else {
    lock.pins.insert(place, std::move(pin));
  }
}

void write_lock(const std::string& path, const std::string& text) {
  if (read_file(path, kLargestLock) != text) return replace_file(path, text);
  sync_named(path);
}

}  // namespace

std::optional<Lock> read_lock(const std::string& path) {
  const auto text = read_file(path, kLargestLock);
  return text ? std::optional(Lock::parse(*text, path)) : std::nullopt;
}

void Client::check(const Pin& pin, bool locked) {
  state_->registry.read(
      [&](Db& db) { check_pin(db, pin, locked ? Code::lock_mismatch : Code::integrity); });
}

std::vector<Pin> Client::pin(const PinOptions& options) {
  require_one_each(options.references);
  const bool changes = !options.locked && !options.dry_run;
  Fd folder;  // two pins at once must not lose one another's entries
  if (changes) folder = lock_folder(folder_of(options.lock), state_->rewriting());
  Lock lock;
  if (options.locked) {
    lock = require_lock(options.lock, Code::lock_mismatch);
  } else if (options.references.empty()) {
    lock = require_lock(options.lock, Code::not_found);
  } else {
    lock = options.update ? readable_lock(options.lock, state_->options.warn)
                          : read_lock(options.lock).value_or(Lock{});
  }
  std::vector<Reference> wanted = options.references;
  if (wanted.empty()) {
    for (const Pin& pin : lock.pins) wanted.emplace_back(pin.algorithm, pin.selector);
  }
  std::vector<Pin> pins;
  state_->registry.read([&](Db& db) {
    for (const Reference& reference : wanted) {
      if (reference.label()) {
        throw Error(Code::usage, quoted(reference.str()) + " is a label: only versions are pinned",
                    "write " + reference.algorithm().str() + "@SELECTOR");
      }
      const Pin* there = lock.find(reference.algorithm());
      if (options.locked) {
        pins.push_back(lock.require(reference));
        check_pin(db, pins.back(), Code::lock_mismatch);
      } else if (!is_pinned(there, reference)) {
        pins.push_back(
            resolve_pin(db, reference.algorithm(), reference.selector(), options.prereleases));
      } else if (options.update) {
        pins.push_back(resolve_pin(db, reference.algorithm(), there->selector,
                                   options.prereleases || wants_prereleases(*there)));
      } else {
        pins.push_back(*there);
        check_pin(db, *there, Code::integrity);
      }
    }
  });
  for (const Pin& pin : pins) put(lock, pin);
  const std::string text = lock.text();
  if (changes) write_lock(options.lock, text);
  return pins;
}

std::vector<Outdated> Client::outdated(const Lock& lock) {
  std::vector<Outdated> rows;
  state_->registry.read([&](Db& db) {
    for (const Pin& pin : lock.pins) {
      const AlgorithmRow algorithm = require_algorithm(db, pin.algorithm);
      const auto now = find_version(db, algorithm, pin.selector, wants_prereleases(pin));
      Outdated row{pin.algorithm, pin.selector, pin.version, std::nullopt};
      if (now) row.current = now->version;
      rows.push_back(row);
    }
  });
  return rows;
}

}  // namespace algoctl
