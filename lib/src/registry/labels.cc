#include "registry/labels.h"

#include "registry/journal.h"

namespace algoctl {

std::optional<LabelInfo> find_label(Db& db, const AlgorithmRow& algorithm, const Label& label) {
  Rows& rows = db.query(
      "SELECT l.object, o.size, l.moved_at FROM label l JOIN object o ON o.digest = l.object "
      "WHERE l.algorithm = $1 AND l.name = $2",
      {algorithm.id, label.str()});
  if (!rows.next()) return std::nullopt;
  return LabelInfo{algorithm.name, label, Digest::parse(rows.text(0)), rows.integer(1),
                   rows.integer(2)};
}

std::vector<LabelInfo> labels_of(Db& db, const AlgorithmRow& algorithm) {
  std::vector<LabelInfo> labels;
  Rows& rows = db.query(
      "SELECT l.name, l.object, o.size, l.moved_at FROM label l "
      "JOIN object o ON o.digest = l.object WHERE l.algorithm = $1 ORDER BY l.name",
      {algorithm.id});
  while (rows.next()) {
    labels.push_back({algorithm.name, Label::parse(rows.text(0)), Digest::parse(rows.text(1)),
                      rows.integer(2), rows.integer(3)});
  }
  return labels;
}

bool label_ever_named(Db& db, const AlgorithmRow& algorithm, const Label& label,
                      const Digest& object) {
  return db
      .query(
          "SELECT 1 FROM journal WHERE algorithm = $1 AND event = 'label' AND name = $2 AND new = "
          "$3",
          {algorithm.id, label.str(), object.str()})
      .next();
}

void move_label(Db& db, AlgorithmRow& algorithm, const Label& label, const Digest& object,
                const std::string& who, std::int64_t now_ms) {
  const auto before = find_label(db, algorithm, label);
  if (before && before->sha256 == object) return;
  Event event;
  event.kind = "label";
  event.name = label.str();
  if (before) event.old_value = before->sha256.str();
  event.new_value = object.str();
  append_event(db, algorithm, event, who, now_ms);
  point_label(db, algorithm, label, object);
}

void point_label(Db& db, const AlgorithmRow& algorithm, const Label& label, const Digest& object) {
  db.run(
      "INSERT INTO label (algorithm, name, object, journal_seq, moved_at) "
      "VALUES ($1, $2, $3, $4, $5) ON CONFLICT (algorithm, name) DO UPDATE SET "
      "object = excluded.object, journal_seq = excluded.journal_seq, moved_at = excluded.moved_at",
      {algorithm.id, label.str(), object.hex(), algorithm.journal_seq, algorithm.journal_at});
}

}  // namespace algoctl
