#include "store/remote/part_journal.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "algoctl/error.h"
#include "base/json.h"
#include "base/text.h"
#include "store/remote/answers.h"

namespace algoctl {
namespace {

constexpr std::string_view kJournalSchema = "algoctl.transfer/v1";
constexpr std::int64_t kLongest = std::int64_t{16} << 20;

std::string as_written(const JsonNode& line, std::string_view key) {
  const JsonNode* value = line.find(key);
  return value == nullptr ? std::string() : value->text;
}

}  // namespace

PartJournal::PartJournal(std::string path, std::string subject)
    : path_(std::move(path)), subject_(std::move(subject)) {
  try {
    make_folders(folder_of(path_));
    fd_ = open_file(path_, O_RDWR | O_CREAT | O_APPEND | O_NOFOLLOW, 0600);
    if (::flock(fd_.get(), LOCK_EX | LOCK_NB) != 0) {
      fd_ = Fd();
      return;
    }
    read();
  } catch (const Error&) {
    fd_ = Fd();
  }
}

void PartJournal::read() {
  const auto text = read_file(path_, kLongest);
  bool ours = false;
  for (const std::string& each : split(text.value_or(""), '\n')) {
    if (each.empty()) continue;
    try {
      const JsonNode line = parse_json(each, path_);
      if (!ours) {
        ours =
            as_written(line, "schema") == kJournalSchema && as_written(line, "subject") == subject_;
        if (!ours) return;
        id_ = as_written(line, "id");
        continue;
      }
      const auto number = static_cast<int>(number_in(as_written(line, "part")));
      moved_[number] = {number_in(as_written(line, "size")), as_written(line, "hash"),
                        as_written(line, "tag")};
    } catch (const Error&) {
      return;  // the last line, cut off by a kill
    }
  }
}

void PartJournal::append(const std::string& line) noexcept {
  if (fd_.get() < 0) return;
  try {
    write_all(fd_.get(), line + "\n", path_);
  } catch (const std::exception&) {
    fd_ = Fd();
  }
}

void PartJournal::begin(const std::string& id) {
  id_ = id;
  moved_.clear();
  if (fd_.get() >= 0 && ::ftruncate(fd_.get(), 0) != 0) fd_ = Fd();
  append(
      Json::object().set("schema", kJournalSchema).set("subject", subject_).set("id", id).dump());
}

void PartJournal::add(int number, const Moved& part) {
  moved_[number] = part;
  append(Json::object()
             .set("part", number)
             .set("size", part.size)
             .set("hash", part.hash)
             .set("tag", part.tag)
             .dump());
}

void PartJournal::remove() noexcept {
  if (fd_.get() >= 0) ::unlink(path_.c_str());
  fd_ = Fd();
  id_.clear();
  moved_.clear();
}

}  // namespace algoctl
