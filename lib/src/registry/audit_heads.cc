#include <algorithm>
#include <map>
#include <optional>
#include <vector>

#include "registry/audit.h"
#include "registry/channels.h"
#include "registry/history.h"
#include "registry/objects.h"
#include "registry/versions.h"

namespace algoctl {
namespace {

/// What an algorithm's events amount to. Versions are numbers as texts here.
struct Heads {
  struct Labelled {
    std::string object;
    std::int64_t seq;
    std::int64_t at;
  };
  struct Noted {
    std::string value;
    std::int64_t seq;
  };
  struct Channel {
    std::vector<std::string> stack;
    std::int64_t seq = 0;
    std::optional<std::string> hold;
  };
  struct Yanked {
    std::string reason;
    std::string replacement;
    std::int64_t seq;
  };

  std::map<std::string, Labelled> labels;
  std::map<std::pair<std::string, std::string>, Noted> notes;  // version, key
  std::map<std::string, Channel> channels;
  std::map<std::string, Yanked> yanks;
  std::optional<Version> highest_release;

  void apply(const LogEvent& event);
};

void Heads::apply(const LogEvent& event) {
  const std::int64_t seq = event.sequence;
  if (event.event == "publish") {
    const Version version = Version::parse(event.version);
    if (version.is_release() && (!highest_release || *highest_release < version)) {
      highest_release = version;
    }
  } else if (event.event == "label") {
    labels[event.name] = {Digest::parse(event.to).hex(), seq, event.at};
  } else if (event.event == "annotate") {
    notes[{event.version, event.name}] = {event.to, seq};
  } else if (event.event == "promote") {
    Channel& channel = channels[event.name];
    channel.stack.push_back(event.to);
    channel.seq = seq;
  } else if (event.event == "rollback") {
    Channel& channel = channels[event.name];
    if (!channel.stack.empty()) channel.stack.pop_back();
    while (!channel.stack.empty() && channel.stack.back() != event.to) channel.stack.pop_back();
    channel.seq = seq;
  } else if (event.event == "hold") {
    channels[event.name].hold = event.why;
  } else if (event.event == "release") {
    channels[event.name].hold.reset();
  } else if (event.event == "yank") {
    yanks[event.version] = {event.why, event.to, seq};
  } else if (event.event == "unyank") {
    yanks.erase(event.version);
  }
}

Heads replay(Db& db, const AlgorithmRow& algorithm) {
  Heads heads;
  for (std::int64_t seq = 1; seq <= algorithm.journal_seq; ++seq) {
    heads.apply(read_event(db, algorithm, seq));
  }
  return heads;
}

/// One head in words: the same text for the same state.
struct HeadLine {
  std::string name;
  std::string state;
  friend auto operator<=>(const HeadLine&, const HeadLine&) = default;
};

std::vector<HeadLine> lines_of(const Heads& heads) {
  std::vector<HeadLine> lines;
  for (const auto& [name, label] : heads.labels) {
    lines.push_back({"label " + name, label.object + " since event " + std::to_string(label.seq) +
                                          " at " + std::to_string(label.at)});
  }
  for (const auto& [key, note] : heads.notes) {
    lines.push_back({"metadata " + key.first + " " + key.second,
                     note.value + " by event " + std::to_string(note.seq)});
  }
  for (const auto& [name, channel] : heads.channels) {
    std::string state = "event " + std::to_string(channel.seq);
    for (const std::string& version : channel.stack) state += " " + version;
    if (channel.hold) state += ", held: " + *channel.hold;
    lines.push_back({"channel " + name, state});
  }
  for (const auto& [version, yank] : heads.yanks) {
    lines.push_back({"yank " + version, "by event " + std::to_string(yank.seq) + ": " +
                                            yank.reason + " > " + yank.replacement});
  }
  if (heads.highest_release) lines.push_back({"highest release", heads.highest_release->str()});
  std::sort(lines.begin(), lines.end());
  return lines;
}

void read_channels(Db& db, const AlgorithmRow& algorithm, Heads& heads) {
  Rows& rows =
      db.query("SELECT name, journal_seq, hold FROM channel WHERE algorithm = $1", {algorithm.id});
  while (rows.next()) {
    Heads::Channel& channel = heads.channels[rows.text(0)];
    channel.seq = rows.integer(1);
    channel.hold = rows.text_or_null(2);
  }
  Rows& stacks =
      db.query("SELECT DISTINCT name FROM channel_stack WHERE algorithm = $1", {algorithm.id});
  while (stacks.next()) heads.channels.try_emplace(stacks.text(0));
  for (auto& [name, channel] : heads.channels) {
    for (const StackEntry& entry : channel_stack(db, algorithm, name)) {
      channel.stack.push_back(entry.version.str());
    }
    const auto now = find_channel(db, algorithm, name);
    if (!now || channel.stack.empty() || channel.stack.back() != now->version.str()) {
      channel.stack.emplace_back("and names " + (now ? now->version.str() : "nothing"));
    }
  }
}

/// The heads as the tables have them.
Heads read_heads(Db& db, const AlgorithmRow& algorithm) {
  Heads heads;
  heads.highest_release = algorithm.highest_release;
  Rows& labels = db.query(
      "SELECT name, object, journal_seq, moved_at FROM label WHERE algorithm = $1", {algorithm.id});
  while (labels.next()) {
    heads.labels[labels.text(0)] = {labels.text(1), labels.integer(2), labels.integer(3)};
  }
  Rows& notes =
      db.query("SELECT version_seq, name, value, journal_seq FROM note WHERE algorithm = $1",
               {algorithm.id});
  while (notes.next()) {
    const auto version = version_by_sequence(db, algorithm, notes.integer(0));
    heads.notes[{version ? version->str() : "?", notes.text(1)}] = {notes.text(2),
                                                                    notes.integer(3)};
  }
  read_channels(db, algorithm, heads);
  Rows& yanks = db.query(
      "SELECT version_seq, reason, replacement, journal_seq FROM yank WHERE algorithm = $1",
      {algorithm.id});
  while (yanks.next()) {
    const auto version = version_by_sequence(db, algorithm, yanks.integer(0));
    heads.yanks[version ? version->str() : "?"] = {
        yanks.text(1), yanks.text_or_null(2).value_or(""), yanks.integer(3)};
  }
  return heads;
}

std::string state_in(const std::vector<HeadLine>& lines, const std::string& name) {
  const auto found = std::find_if(lines.begin(), lines.end(),
                                  [&](const HeadLine& line) { return line.name == name; });
  return found == lines.end() ? "nothing" : found->state;
}

void write_heads(Db& db, const AlgorithmRow& algorithm, const Heads& heads) {
  const auto seq_of = [&](const std::string& version) {
    return exact_version(db, algorithm, Version::parse(version)).value().sequence;
  };
  for (const auto& [name, label] : heads.labels) {
    db.run(
        "INSERT INTO label (algorithm, name, object, journal_seq, moved_at) "
        "VALUES ($1, $2, $3, $4, $5)",
        {algorithm.id, name, label.object, label.seq, label.at});
  }
  for (const auto& [key, note] : heads.notes) {
    db.run(
        "INSERT INTO note (algorithm, version_seq, name, value, journal_seq) "
        "VALUES ($1, $2, $3, $4, $5)",
        {algorithm.id, seq_of(key.first), key.second, note.value, note.seq});
  }
  for (const auto& [name, channel] : heads.channels) {
    std::int64_t depth = 0;
    for (const std::string& version : channel.stack) {
      db.run(
          "INSERT INTO channel_stack (algorithm, name, depth, version_seq) VALUES ($1, $2, $3, $4)",
          {algorithm.id, name, ++depth, seq_of(version)});
    }
    if (channel.stack.empty()) continue;
    db.run(
        "INSERT INTO channel (algorithm, name, version_seq, journal_seq, hold) "
        "VALUES ($1, $2, $3, $4, $5)",
        {algorithm.id, name, seq_of(channel.stack.back()), channel.seq, channel.hold});
  }
  for (const auto& [version, yank] : heads.yanks) {
    std::optional<std::string> replacement;
    if (!yank.replacement.empty()) replacement = yank.replacement;
    db.run(
        "INSERT INTO yank (algorithm, version_seq, reason, replacement, journal_seq) "
        "VALUES ($1, $2, $3, $4, $5)",
        {algorithm.id, seq_of(version), yank.reason, replacement, yank.seq});
  }
}

}  // namespace

void audit_heads(Db& db, const AlgorithmRow& algorithm, const Report& report) {
  const std::vector<HeadLine> wanted = lines_of(replay(db, algorithm));
  const std::vector<HeadLine> found = lines_of(read_heads(db, algorithm));
  std::vector<HeadLine> differing;
  std::set_symmetric_difference(wanted.begin(), wanted.end(), found.begin(), found.end(),
                                std::back_inserter(differing));
  std::string last;
  for (const HeadLine& line : differing) {
    if (line.name == last) continue;
    last = line.name;
    report("head-wrong", algorithm.name.str() + " " + line.name,
           "the journal says " + state_in(wanted, line.name) + ", the registry " +
               state_in(found, line.name));
  }
}

bool can_rebuild_heads(Db& db, const AlgorithmRow& algorithm) {
  const Heads heads = replay(db, algorithm);
  const auto there = [&](const std::string& version) {
    return exact_version(db, algorithm, Version::parse(version)).has_value();
  };
  bool all = true;
  for (const auto& [name, label] : heads.labels) {
    all = all && object_size(db, Digest::parse(label.object)).has_value();
  }
  for (const auto& [key, note] : heads.notes) all = all && there(key.first);
  for (const auto& [name, channel] : heads.channels) {
    for (const std::string& version : channel.stack) all = all && there(version);
  }
  for (const auto& [version, yank] : heads.yanks) all = all && there(version);
  return all;
}

void rebuild_heads(Db& db, const AlgorithmRow& algorithm) {
  const Heads heads = replay(db, algorithm);
  for (const char* sql :
       {"DELETE FROM label WHERE algorithm = $1", "DELETE FROM note WHERE algorithm = $1",
        "DELETE FROM channel WHERE algorithm = $1",
        "DELETE FROM channel_stack WHERE algorithm = $1",
        "DELETE FROM yank WHERE algorithm = $1"}) {
    db.run(sql, {algorithm.id});
  }
  write_heads(db, algorithm, heads);
  std::optional<std::string> release;
  if (heads.highest_release) release = heads.highest_release->str();
  db.run("UPDATE algorithm SET highest_release = $2 WHERE id = $1", {algorithm.id, release});
}

}  // namespace algoctl
