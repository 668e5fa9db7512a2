#include "registry/channels.h"

#include "algoctl/error.h"
#include "base/text.h"
#include "registry/journal.h"
#include "registry/version_rows.h"

namespace algoctl {
namespace {

// The columns that `read_channel` takes; the event is the channel's last move.
#define ALGOCTL_CHANNEL_COLUMNS                                                                  \
  "SELECT v.major, v.minor, v.patch, v.prerelease, v.build, c.name, j.at, j.who, j.why, c.hold " \
  "FROM channel c "                                                                              \
  "JOIN version v ON v.algorithm = c.algorithm AND v.seq = c.version_seq "                       \
  "JOIN journal j ON j.algorithm = c.algorithm AND j.seq = c.journal_seq "

ChannelInfo read_channel(const Rows& rows, const Algorithm& algorithm) {
  return {algorithm,    rows.text(5), read_number(rows),   rows.integer(6),
          rows.text(7), rows.text(8), rows.text_or_null(9)};
}

std::vector<std::string> names_from(Rows& rows) {
  std::vector<std::string> names;
  while (rows.next()) names.push_back(rows.text(0));
  return names;
}

void append(Db& db, AlgorithmRow& algorithm, const ChannelMove& move, const std::string& kind,
            const std::string& from, const std::string& to) {
  Event event;
  event.kind = kind;
  event.version = to;
  event.name = move.channel;
  event.old_value = from;
  event.new_value = to;
  event.why = move.why;
  append_event(db, algorithm, event, move.who, move.now_ms);
}

/// Makes the head say what the stack's top and the last event say.
void point_head(Db& db, const AlgorithmRow& algorithm, const std::string& channel,
                std::int64_t version_seq) {
  db.run(
      "INSERT INTO channel (algorithm, name, version_seq, journal_seq) VALUES ($1, $2, $3, $4) "
      "ON CONFLICT (algorithm, name) DO UPDATE SET version_seq = excluded.version_seq, "
      "journal_seq = excluded.journal_seq",
      {algorithm.id, channel, version_seq, algorithm.journal_seq});
}

std::string number_now(Db& db, const AlgorithmRow& algorithm, const std::string& channel) {
  const auto now = find_channel(db, algorithm, channel);
  return now ? now->version.str() : "";
}

}  // namespace

std::optional<ChannelInfo> find_channel(Db& db, const AlgorithmRow& algorithm,
                                        const std::string& channel) {
  Rows& rows = db.query(ALGOCTL_CHANNEL_COLUMNS "WHERE c.algorithm = $1 AND c.name = $2",
                        {algorithm.id, channel});
  return rows.next() ? std::optional(read_channel(rows, algorithm.name)) : std::nullopt;
}

std::vector<ChannelInfo> channels_of(Db& db, const AlgorithmRow& algorithm) {
  std::vector<ChannelInfo> channels;
  Rows& rows =
      db.query(ALGOCTL_CHANNEL_COLUMNS "WHERE c.algorithm = $1 ORDER BY c.name", {algorithm.id});
  while (rows.next()) channels.push_back(read_channel(rows, algorithm.name));
  return channels;
}

std::vector<std::string> channels_naming(Db& db, const AlgorithmRow& algorithm,
                                         const VersionInfo& version) {
  return names_from(
      db.query("SELECT name FROM channel WHERE algorithm = $1 AND version_seq = $2 ORDER BY name",
               {algorithm.id, version.sequence}));
}

std::vector<std::string> channel_names(Db& db, const AlgorithmRow& algorithm) {
  return names_from(
      db.query("SELECT name FROM channel WHERE algorithm = $1 ORDER BY name", {algorithm.id}));
}

LastMove last_move(Db& db, const AlgorithmRow& algorithm, const std::string& channel) {
  Rows& rows = db.query(
      "SELECT j.event, j.old FROM channel c "
      "JOIN journal j ON j.algorithm = c.algorithm AND j.seq = c.journal_seq "
      "WHERE c.algorithm = $1 AND c.name = $2",
      {algorithm.id, channel});
  if (!rows.next()) return {false, std::nullopt};
  const std::string from = rows.text(1);
  return {rows.text(0) == "rollback",
          from.empty() ? std::nullopt : std::optional(Version::parse(from))};
}

std::vector<StackEntry> channel_stack(Db& db, const AlgorithmRow& algorithm,
                                      const std::string& channel) {
  std::vector<StackEntry> stack;
  Rows& rows = db.query(
      "SELECT v.major, v.minor, v.patch, v.prerelease, v.build, y.version_seq FROM channel_stack s "
      "JOIN version v ON v.algorithm = s.algorithm AND v.seq = s.version_seq "
      "LEFT JOIN yank y ON y.algorithm = s.algorithm AND y.version_seq = s.version_seq "
      "WHERE s.algorithm = $1 AND s.name = $2 ORDER BY s.depth",
      {algorithm.id, channel});
  while (rows.next()) stack.push_back({read_number(rows), !rows.is_null(5)});
  return stack;
}

void promote_channel(Db& db, AlgorithmRow& algorithm, const ChannelMove& move,
                     const VersionInfo& version) {
  append(db, algorithm, move, "promote", number_now(db, algorithm, move.channel),
         version.version.str());
  push_channel(db, algorithm, move.channel, version);
}

void push_channel(Db& db, const AlgorithmRow& algorithm, const std::string& channel,
                  const VersionInfo& version) {
  db.run(
      "INSERT INTO channel_stack (algorithm, name, depth, version_seq) VALUES ($1, $2, "
      "(SELECT coalesce(max(depth), 0) + 1 FROM channel_stack WHERE algorithm = $1 AND name = $2), "
      "$3)",
      {algorithm.id, channel, version.sequence});
  point_head(db, algorithm, channel, version.sequence);
}

void roll_back_channel(Db& db, AlgorithmRow& algorithm, const ChannelMove& move,
                       std::size_t depth) {
  const auto left = static_cast<std::int64_t>(depth);
  const std::string from = number_now(db, algorithm, move.channel);
  Rows& rows =
      db.query(ALGOCTL_VERSION_COLUMNS
               "JOIN channel_stack s ON v.algorithm = s.algorithm AND v.seq = s.version_seq "
               "WHERE s.algorithm = $1 AND s.name = $2 AND s.depth = $3",
               {algorithm.id, move.channel, left});
  if (!rows.next())
    throw Error(Code::internal, "channel " + quoted(move.channel) + " is not so deep");
  const VersionInfo to = read_version(rows, algorithm.name);
  append(db, algorithm, move, "rollback", from, to.version.str());
  pop_channel(db, algorithm, move.channel, depth, to);
}

void pop_channel(Db& db, const AlgorithmRow& algorithm, const std::string& channel,
                 std::size_t depth, const VersionInfo& version) {
  db.run("DELETE FROM channel_stack WHERE algorithm = $1 AND name = $2 AND depth > $3",
         {algorithm.id, channel, static_cast<std::int64_t>(depth)});
  point_head(db, algorithm, channel, version.sequence);
}

void hold_channel(Db& db, AlgorithmRow& algorithm, const ChannelMove& move) {
  const auto now = find_channel(db, algorithm, move.channel);
  if (now && now->hold) return;
  append(db, algorithm, move, "hold", "", "");
  set_hold(db, algorithm, move.channel, move.why);
}

void release_channel(Db& db, AlgorithmRow& algorithm, const ChannelMove& move) {
  const auto now = find_channel(db, algorithm, move.channel);
  if (!now || !now->hold) return;
  append(db, algorithm, move, "release", "", "");
  set_hold(db, algorithm, move.channel, std::nullopt);
}

void set_hold(Db& db, const AlgorithmRow& algorithm, const std::string& channel,
              const std::optional<std::string>& why) {
  db.run("UPDATE channel SET hold = $3 WHERE algorithm = $1 AND name = $2",
         {algorithm.id, channel, why});
}

}  // namespace algoctl
