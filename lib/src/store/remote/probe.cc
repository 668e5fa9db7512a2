#include "store/remote/probe.h"

#include <algorithm>
#include <functional>

#include "algoctl/digest.h"
#include "base/hash.h"
#include "base/text.h"
#include "store/remote/answers.h"

namespace algoctl {
namespace {

constexpr int kCreators = 20;
constexpr std::size_t kNameBytes = 16;
constexpr const char* kRace = "-race";
constexpr const char* kDamaged = "-damaged";
constexpr const char* kParts = "-parts";
constexpr const char* kText = "algoctl was here, and will be gone soon\n";

/// One probe, under a key of its own.
class Probe {
 public:
  Probe(const Conversation& talk, const std::atomic<bool>* stop)
      : talk_(talk),
        bucket_(talk.bucket()),
        stop_(stop),
        key_(kProbes + to_hex(random_bytes(kNameBytes))) {}

  std::vector<ProbeFinding> run() {
    if (!bucket_.limits().writable) {
      look("read", true, [this] { return read_marker(); });
      return std::move(findings_);
    }
    look("put", true, [this] { return taken(); });
    // All else rests on it, and would wait as long for a server that does not answer.
    if (!findings_.back().holds) return std::move(findings_);
    look("read back", true, [this] { return read_back(); });
    look("read a range", true, [this] { return read_range(); });
    look("list", true, [this] { return listed(); });
    look("create only what is new", false, [this] { return refuses_existing(); });
    look("one of 20 creators wins", false, [this] { return one_creator_wins(); });
    look("refuse a body that is not what was signed", false, [this] { return refuses_damaged(); });
    look("put in parts", true, [this] { return in_parts(); });
    look("delete", true, [this] { return removed(); });
    return std::move(findings_);
  }

 private:
  /// What a step found: empty when it holds, else what happened instead.
  using Step = std::function<std::string()>;

  void look(const char* what, bool needed, const Step& step) {
    ProbeFinding finding{what, false, needed, {}, {}};
    try {
      finding.detail = step();
      finding.holds = finding.detail.empty();
    } catch (const Error& error) {
      if (error.code() == Code::interrupted) throw;
      finding.detail = error.message();
      finding.remedy = error.hint();
    }
    findings_.push_back(std::move(finding));
  }
  http::Response ask(const Conversation::Make& make) { return talk_.ask(make, stop_); }
  /// Throws what it means when the answer is no success.
  http::Response ask_ok(const Conversation::Make& make) { return talk_.ask_ok(make, stop_); }

  http::Response put(const std::string& text, bool only_new, const std::string& suffix = "") {
    const std::string sha256 = Digest::of(text).hex();
    return ask([&] { return bucket_.put(key_ + suffix, {text, -1, 0, 0}, sha256, only_new); });
  }

  std::string taken() {
    const std::string sha256 = Digest::of(kText).hex();
    ask_ok([&] { return bucket_.put(key_, {kText, -1, 0, 0}, sha256, false); });
    return "";
  }

  std::string read_marker() {
    ask_ok([&] { return bucket_.get("store.json"); });
    return "";
  }

  std::string read_back() {
    const http::Response answer = ask_ok([&] { return bucket_.get(key_); });
    return answer.body == kText ? "" : "other bytes than were put";
  }

  std::string read_range() {
    const http::Response answer = ask_ok([&] { return bucket_.get(key_, 8, 3); });
    if (answer.status != 206) return "ranges are ignored: large objects come in one piece";
    return answer.body == std::string(kText).substr(8, 3) ? "" : "another range than was asked for";
  }

  std::string listed() {
    const http::Response answer = ask_ok([&] { return bucket_.list(kProbes, ""); });
    for (const BucketEntry& entry : bucket_.read_list(answer).entries) {
      if (entry.key == key_) return "";
    }
    return "what was put is not in the list";
  }

  std::string refuses_existing() {
    const http::Response answer = put("other", true);
    if (answer.status == 409 || answer.status == 412) return "";
    return answer.ok() ? "the condition is ignored, and the key overwritten"
                       : "answered with " + std::to_string(answer.status);
  }

  /// Does a step that leaves something under a key; when it fails that is removed all the same. Of
  /// a probe that is cut off `gc` finds it.
  template <typename Body, typename Undo>
  static auto undone_on_failure(const Body& body, const Undo& undo) -> decltype(body()) {
    try {
      return body();
    } catch (const Error& error) {
      if (error.code() == Code::interrupted) throw;
      try {
        undo();
      } catch (const Error&) {
        // The first failure is what matters.
      }
      throw;
    }
  }

  std::string one_creator_wins() {
    const std::string key = key_ + kRace;
    const auto remove = [&] { ask([&] { return bucket_.remove(key); }); };
    const int won = undone_on_failure([&] { return winners(key); }, remove);
    remove();
    return won == 1 ? "" : std::to_string(won) + " won";
  }

  int winners(const std::string& key) {
    const std::string sha256 = Digest::of(kText).hex();
    int won = 0;
    {
      const auto loop = talk_.turn();
      loop->set_width(kCreators);
      for (int i = 0; i < kCreators; ++i) {
        loop->add(std::make_unique<Question>(
            talk_,
            [&] {
              return bucket_.put(key, {kText, -1, 0, 0}, sha256, true);
            },
            [&](const http::Response& answer) { won += answer.ok() ? 1 : 0; }));
      }
      loop->run(stop_);
    }
    return won;
  }

  std::string refuses_damaged() {
    const std::string sha256 = Digest::of("something else").hex();
    const http::Response answer = ask([&] {
      return bucket_.put(key_ + kDamaged, {kText, -1, 0, 0}, sha256, false);
    });
    if (!answer.ok()) return "";
    ask([&] { return bucket_.remove(key_ + kDamaged); });
    return "taken: what arrives damaged is found when it is read";
  }

  std::string begun(const std::string& key) {
    if (!bucket_.limits().tracks_uploads) return "";
    return bucket_.read_upload_id(
        ask_ok([&] { return bucket_.begin_parts(key, Digest::of(kText).hex()); }));
  }

  std::string in_parts() {
    const std::string key = key_ + kParts;
    const std::string id = begun(key);
    const auto remove = [&] { ask([&] { return bucket_.remove(key); }); };
    const auto undo = [&] {
      if (bucket_.limits().tracks_uploads) ask([&] { return bucket_.abort(key, id); });
      remove();  // it may be complete although nobody heard of it
    };
    const auto refusal = undone_on_failure([&] { return completed(key, id); }, undo);
    if (!refusal) {
      remove();
      return "";
    }
    undo();
    return refusal->code + ": " + printable(refusal->message);
  }

  std::optional<Bucket::Refusal> completed(const std::string& key, const std::string& id) {
    const std::string sha256 = Digest::of(kText).hex();
    const http::Response put = ask_ok([&] {
      return bucket_.put_part(key, id, 1, {kText, -1, 0, 0}, sha256);
    });
    const Part part{1, static_cast<std::int64_t>(std::string(kText).size()),
                    bucket_.read_part_tag(1, sha256, put)};
    return bucket_.read_complete(ask_ok([&] { return bucket_.complete(key, id, {part}, sha256); }));
  }

  std::string removed() {
    ask_ok([&] { return bucket_.remove(key_); });
    http::Request asked;
    const http::Response after = ask([&] { return asked = bucket_.head(key_); });
    if (after.status == 404) return "";
    if (!after.ok()) throw talk_.explain_head(key_, asked, after, stop_);
    return "it is still there";
  }

  const Conversation& talk_;
  Bucket& bucket_;
  const std::atomic<bool>* stop_;
  std::string key_;
  std::vector<ProbeFinding> findings_;
};

}  // namespace

bool is_probe_key(const std::string& key) {
  const std::string folder = kProbes;
  if (!starts_with(key, folder)) return false;
  const std::string name = key.substr(folder.size());
  const std::size_t digits = name.find_first_not_of("0123456789abcdef");
  if (std::min(digits, name.size()) != 2 * kNameBytes) return false;
  const std::string suffix = name.substr(2 * kNameBytes);
  return suffix.empty() || suffix == kRace || suffix == kDamaged || suffix == kParts;
}

std::vector<ProbeFinding> probe(const Conversation& talk, const std::atomic<bool>* stop) {
  return Probe(talk, stop).run();
}

}  // namespace algoctl
