#include "client/archive_head.h"

#include <functional>
#include <utility>

#include "algoctl/error.h"
#include "base/hash.h"
#include "core/archive_lines.h"
#include "registry/journal_rows.h"
#include "registry/labels.h"
#include "registry/manifests.h"
#include "registry/settings.h"
#include "registry/versions.h"

namespace algoctl {
namespace {

[[noreturn]] void throw_changed(const std::string& what) {
  throw Error(Code::integrity, what + " was changed in the registry",
              "restore the registry from a backup");
}

/// The lines of an algorithm's history: the versions selected, then the whole journal.
void visit_history(Db& db, const Selected& selected,
                   const std::function<void(const std::string& line)>& visit,
                   const std::function<void(const VersionInfo&)>& visit_version = {}) {
  const Algorithm& name = selected.algorithm.name;
  visit_selected(db, selected, [&](const VersionInfo& version) {
    if (record_of(version) != version.record) {
      throw_changed("the record of " + name.str() + "@" + version.version.str());
    }
    if (visit_version) visit_version(version);
    visit(version_line(version) + "\n");
  });
  ChainCheck chain(name);
  visit_journal(db, selected.algorithm, [&](const JournalRow& row) {
    if (!chain.add(row)) {
      throw_changed("event " + std::to_string(chain.count()) + " of the journal of " + name.str());
    }
    visit(event_line(row) + "\n");
  });
  if (chain.head() != selected.algorithm.journal_head) {
    throw_changed("the end of the journal of " + name.str());
  }
}

void add_objects(ArchiveIndex& index, const std::string& manifest, const std::string& where) {
  for (const ModelFile& model : Manifest::parse(manifest, where).models) {
    index.objects.emplace(model.sha256, model.size);
  }
}

ArchivedAlgorithm draft_algorithm(Db& db, const Selected& selected, ArchiveHead& head) {
  const AlgorithmRow& row = selected.algorithm;
  Sha256 hash;
  std::int64_t size = 0;
  std::vector<Version> versions;
  std::vector<Digest> manifests;
  visit_history(
      db, selected,
      [&](const std::string& line) {
        hash.update(line);
        size += static_cast<std::int64_t>(line.size());
      },
      [&](const VersionInfo& version) {
        versions.push_back(version.version);
        manifests.push_back(version.manifest_sha256);
      });
  for (std::size_t i = 0; i < versions.size(); ++i) {
    head.versions.push_back({row.name, versions[i], false});
    const std::string bytes = manifest_bytes(db, manifests[i]);
    head.index.manifests.emplace(manifests[i], static_cast<std::int64_t>(bytes.size()));
    add_objects(head.index, bytes, manifests[i].str());
  }
  if (selected.whole) {
    for (const LabelInfo& label : labels_of(db, row)) {
      head.index.objects.emplace(label.sha256, label.size);
    }
  }
  return {row.name, row.journal_head,     row.journal_seq, std::move(versions),
          size,     Digest(hash.finish())};
}

}  // namespace

ArchiveHead draft_archive(Db& db, const std::vector<Selected>& selection) {
  ArchiveHead head{{}, {}, ArchiveLayout({}, ""), {}};
  head.index.registry = setting(db, "registry_id").value_or("");
  for (const Selected& selected : selection) {
    head.index.algorithms.push_back(draft_algorithm(db, selected, head));
  }
  head.text = head.index.text();
  const std::size_t values = head.versions.size() + 16 * selection.size() +
                             head.index.manifests.size() + head.index.objects.size() + 16;
  if (static_cast<std::int64_t>(head.text.size()) > kLargestIndex || values > kMostIndexValues) {
    throw Error(Code::usage,
                "more versions than fit into one export: " + std::to_string(head.versions.size()),
                "export fewer algorithms at once, or a part of the versions with --since");
  }
  head.layout = ArchiveLayout(head.index, head.text);
  return head;
}

void write_head(Db& db, const std::vector<Selected>& selection, const ArchiveHead& head,
                ArchiveWriter& writer) {
  const auto& members = head.layout.members();
  const auto write = [&](const ArchiveMember& member, const std::string& bytes) {
    writer.begin_member(member);
    writer.append(bytes);
    writer.end_member();
  };
  write(members[0], head.text);
  write(members[1], archive_checksum(head.layout.digest()));
  for (std::size_t i = 0; i < selection.size(); ++i) {
    writer.begin_member(head.layout.history(i));
    visit_history(db, selection[i], [&](const std::string& line) { writer.append(line); });
    writer.end_member();
  }
  for (const auto& [manifest, size] : head.index.manifests) {
    write(*head.layout.manifest(manifest), manifest_bytes(db, manifest));
  }
}

}  // namespace algoctl
