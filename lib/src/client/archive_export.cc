#include <fcntl.h>

#include <functional>
#include <optional>
#include <utility>

#include "algoctl/client.h"
#include "base/file.h"
#include "base/text.h"
#include "client/archive_head.h"
#include "client/archive_part.h"
#include "client/external.h"
#include "client/objects.h"
#include "client/state.h"
#include "store/read_at.h"
#include "store/verify.h"

namespace algoctl {
namespace {

/// The way of one archive into its file.
class Export {
 public:
  Export(ClientState& state, const ExportOptions& options) : state_(state), options_(options) {}

  ExportResult run() {
    draft(nullptr);
    if (options_.dry_run) {
      check_export_path(options_.file);
      check_objects();
      return result(!is_there());
    }
    if (is_there()) return result(false);
    PartFile part(options_.file, state_.rewriting());
    try {
      write(part);
    } catch (const Error& error) {
      // Whoever was interrupted goes on later; what failed for another reason is out of the way.
      if (error.code() != Code::interrupted) part.discard();
      throw;
    }
    return result(true);
  }

 private:
  /// Asks the registry for everything, and, with a part, writes what comes from it there, both of
  /// one state.
  void draft(const PartFile* part) {
    state_.registry.read([&](Db& db) {
      const std::vector<Selected> selection = select_for_export(db, options_);
      head_ = draft_archive(db, selection);
      if (part == nullptr || has_head(*part)) return;
      ArchiveWriter writer(part->fd(), part->path(), 0);
      write_head(db, selection, *head_, writer);
      writer.finish();
    });
  }

  void write(PartFile& part) {
    draft(&part);
    const auto& members = head_->layout.members();
    const std::size_t first = head_->layout.first_object();
    std::size_t next = first + good_members(part.fd(), part.path(), head_->layout, first,
                                            members.size(), {nullptr, state_.options.stop});
    const std::int64_t from = next < members.size() ? members[next].offset : members.back().end();
    ArchiveWriter writer(part.fd(), part.path(), from);
    for (; next < members.size(); ++next) copy_object(writer, members[next]);
    writer.end_archive();
    writer.finish();
    part.publish();
  }

  void copy_object(ArchiveWriter& writer, const ArchiveMember& member) {
    const TransferOptions watch = watched(member);
    const std::string folder = folder_of(options_.file);
    std::optional<OpenedObject> object;
    const auto read = [&](const Store& store) {
      object = open_object(store, member.digest, member.size, folder, watch);
      return true;
    };
    const auto outside = [&](const std::vector<std::string>& places) {
      object = open_external(state_, places, member.digest, member.size, folder, watch);
    };
    read_from_anywhere(state_, member.digest, own(), read, outside);
    writer.copy(member, object->source, watch);
  }

  /// What `write` would find of the objects, without reading those that are known.
  void check_objects() {
    const auto& members = head_->layout.members();
    for (std::size_t i = head_->layout.first_object(); i < members.size(); ++i) {
      const ArchiveMember& member = members[i];
      const auto read = [&](const Store& store) {
        const auto path = store.local_path(member.digest);
        if (!path) return store.has(member.digest, member.size);
        require_digest(*path, member.digest, member.size, state_.stamps, watched(member));
        return true;
      };
      const auto outside = [&](const std::vector<std::string>& places) {
        check_external(state_, places, member.digest, watched(member));
      };
      if (!read_from_anywhere(state_, member.digest, own(), read, outside)) {
        throw missing(member.digest);
      }
    }
  }

  [[nodiscard]] bool has_head(const PartFile& part) const {
    const std::size_t first = head_->layout.first_object();
    return good_members(part.fd(), part.path(), head_->layout, 0, first,
                        {nullptr, state_.options.stop}) == first;
  }

  /// True when the file is this archive, whole and right.
  [[nodiscard]] bool is_there() const {
    const ArchiveLayout& layout = head_->layout;
    const auto info = stat_if_there(options_.file);
    if (!info || !S_ISREG(info->st_mode) || info->st_size != layout.size()) return false;
    const Fd file = open_file(options_.file, O_RDONLY);
    const std::size_t count = layout.members().size();
    if (good_members(file.get(), options_.file, layout, 0, count, {nullptr, state_.options.stop}) !=
        count) {
      return false;
    }
    return read_at(file.get(), options_.file, layout.size() - kTarEnd, kTarEnd) ==
           std::string(kTarEnd, '\0');
  }

  /// Objects' bytes as a part of all of the file's.
  [[nodiscard]] TransferOptions watched(const ArchiveMember& member) const {
    TransferOptions watch;
    watch.stop = state_.options.stop;
    if (state_.options.progress) {
      watch.progress = [this, begin = member.data()](std::int64_t done) {
        state_.options.progress({name_of(options_.file), begin + done, head_->layout.size()});
      };
    }
    return watch;
  }

  std::function<Store&()> own() {
    return [this]() -> Store& {
      if (Store* known = state_.store()) return *known;
      throw missing(head_->layout.members().back().digest);
    };
  }

  static Error missing(const Digest& object) {
    return {Code::integrity, "object " + object.str() + " is not in the store",
            "upload the file again, or bring it back from a copy: the same bytes mend it"};
  }

  [[nodiscard]] ExportResult result(bool written) const {
    return {head_->layout.digest(), head_->layout.size(), head_->versions, written};
  }

  ClientState& state_;
  const ExportOptions& options_;
  std::optional<ArchiveHead> head_;
};

}  // namespace

ExportResult Client::export_archive(const ExportOptions& options) {
  return Export(*state_, options).run();
}

}  // namespace algoctl
