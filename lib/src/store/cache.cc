#include "store/cache.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <set>

#include "algoctl/error.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/text.h"

namespace algoctl {
namespace {

constexpr const char* kLeaving = ".leaving-";  // a view on its way out
constexpr std::int64_t kStatBlock = 512;
constexpr std::int64_t kTrimEveryMs = std::int64_t{60} * 60 * 1000;

FileId id_of(const struct stat& info) { return {info.st_dev, info.st_ino}; }

/// What becomes of a view when its links are followed.
struct Followed {
  Evictable& view;
  const std::set<FileId>& open;
  std::map<FileId, std::int64_t>& uses;

  /// Adds up the links; the view is useless when one of them leads nowhere, held when a process has
  /// what it leads to open.
  void look_into(const std::string& folder) {
    visit_folder(folder, [&](const std::string& name) {
      const std::string path = folder + "/" + name;
      struct stat info {};
      if (::lstat(path.c_str(), &info) != 0) return;
      view.size += std::int64_t{info.st_blocks} * kStatBlock;
      if (S_ISDIR(info.st_mode)) return look_into(path);
      if (::stat(path.c_str(), &info) != 0) {
        view.useless = view.useless || errno == ENOENT;
        return;
      }
      view.held = view.held || open.count(id_of(info)) > 0;
      std::int64_t& use = uses[id_of(info)];
      use = std::max(use, view.used_at);
    });
  }
};

}  // namespace

void Cache::touch(const std::string& view) noexcept {
  static_cast<void>(::utimensat(AT_FDCWD, view.c_str(), nullptr, 0));
}

void Cache::add_views(std::vector<Entry>& entries) const {
  const std::string views = folder_ + "/views";
  visit_folder(views, [&](const std::string& store) {
    visit_folder(views + "/" + store, [&](const std::string& name) {
      const std::string path = views + "/" + store + "/" + name;
      struct stat info {};
      if (::lstat(path.c_str(), &info) != 0 || !S_ISDIR(info.st_mode)) return;
      Evictable state{std::int64_t{info.st_blocks} * kStatBlock, modified_ms(info)};
      state.useless = starts_with(name, kLeaving);
      entries.push_back({Kind::view, path, state});
    });
  });
}

/// Files in folders of a folder, or, of transfers, in the folder itself.
void Cache::add_files(std::vector<Entry>& entries, Kind kind, const std::string& folder) const {
  visit_folder(folder, [&](const std::string& name) {
    const std::string path = folder + "/" + name;
    struct stat info {};
    if (::lstat(path.c_str(), &info) != 0) return;
    if (S_ISDIR(info.st_mode)) return add_files(entries, kind, path);
    if (!S_ISREG(info.st_mode)) return;
    entries.push_back({kind, path, {std::int64_t{info.st_blocks} * kStatBlock, modified_ms(info)}});
  });
}

std::vector<Cache::Entry> Cache::entries(bool look_who_holds) const {
  std::vector<Entry> entries;
  if (folder_.empty()) return entries;
  add_views(entries);
  const std::set<FileId> open = look_who_holds ? open_files() : std::set<FileId>{};
  Uses uses;
  for (Entry& entry : entries) Followed{entry.state, open, uses}.look_into(entry.path);
  const std::size_t views = entries.size();
  add_files(entries, Kind::copy, folder_ + "/objects");
  add_files(entries, Kind::transfer, folder_ + "/transfers");
  // A copy is used when a view of it is.
  for (std::size_t i = views; i < entries.size(); ++i) {
    const auto info = stat_if_there(entries[i].path);
    if (!info) continue;
    entries[i].state.held = open.count(id_of(*info)) > 0;
    const auto use = uses.find(id_of(*info));
    if (use == uses.end()) continue;
    entries[i].state.used_at = std::max(entries[i].state.used_at, use->second);
  }
  add_files(entries, Kind::stamp, folder_ + "/stamps");
  return entries;
}

Fd Cache::hold() const noexcept { return locked(LOCK_SH); }

/// Never waits for long: whoever holds it only makes links.
Fd Cache::locked(int operation) const noexcept {
  if (folder_.empty()) return {};
  Fd file(::open((folder_ + "/lock").c_str(), O_RDONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!file || ::flock(file.get(), operation) != 0) return {};
  return file;
}

/// Whether nobody used it since it was listed.
bool Cache::is_as_listed(const Entry& entry) const {
  const auto info = stat_if_there(entry.path);
  if (!info) return false;
  std::int64_t used_at = modified_ms(*info);
  if (entry.kind == Kind::copy) {
    std::vector<Entry> views;
    add_views(views);
    Uses uses;
    for (Entry& view : views) Followed{view.state, {}, uses}.look_into(view.path);
    const auto use = uses.find(id_of(*info));
    if (use != uses.end()) used_at = std::max(used_at, use->second);
  }
  return used_at == entry.state.used_at;
}

bool Cache::remove(const Entry& entry) const {
  const Fd alone = locked(LOCK_EX | LOCK_NB);
  if (!alone || !is_as_listed(entry)) return false;
  if (entry.kind != Kind::view) return ::unlink(entry.path.c_str()) == 0;
  // Under another name first: a view is never seen half removed.
  const std::string leaving = folder_of(entry.path) + "/" + kLeaving + to_hex(random_bytes(8));
  if (::rename(entry.path.c_str(), leaving.c_str()) != 0) return false;
  remove_tree(leaving);
  return true;
}

void Cache::drop_stamps() const noexcept {
  if (!folder_.empty()) remove_tree(folder_ + "/stamps");
}

void Cache::trim(std::int64_t capacity, std::int64_t now_ms) const noexcept try {
  if (folder_.empty()) return;
  const std::string mark = folder_ + "/trimmed";
  const auto last = stat_if_there(mark);
  const std::int64_t since = last ? now_ms - modified_ms(*last) : kTrimEveryMs;
  if (since >= 0 && since < kTrimEveryMs) return;
  const Fd file(::open(mark.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  const struct timespec time { now_ms / 1000, now_ms % 1000 * 1'000'000 };
  const struct timespec times[2] = {time, time};
  if (file) static_cast<void>(::futimens(file.get(), times));
  std::vector<Entry> all = entries(false);
  std::vector<Evictable> states;
  const auto plan = [&] {
    states.clear();
    for (const Entry& entry : all) states.push_back(entry.state);
    return plan_eviction(states, {now_ms, capacity, std::nullopt, std::nullopt, kYoungMs});
  };
  if (plan().empty()) return;
  all = entries(true);
  for (const Eviction& eviction : plan()) static_cast<void>(remove(all[eviction.index]));
} catch (...) {
  // The next one does it.
}

}  // namespace algoctl
