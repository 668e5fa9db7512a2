#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <functional>

#include "algoctl/error.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/text.h"
#include "store/local_store.h"

namespace algoctl {

std::vector<ProbeFinding> LocalStore::probe() const {
  static constexpr const char* kText = "algoctl was here, and will be gone soon\n";
  const std::string staging = folder_ + "/staging";
  const std::string name = "probe-" + to_hex(random_bytes(16));
  const std::string path = staging + "/" + name;
  std::vector<ProbeFinding> findings;
  const auto look = [&](const char* what, const std::function<std::string()>& step) {
    ProbeFinding finding{what, false, true, {}, {}};
    try {
      finding.detail = step();
      finding.holds = finding.detail.empty();
    } catch (const Error& error) {
      finding.detail = error.message();
      finding.remedy = error.hint();
    }
    findings.push_back(std::move(finding));
  };
  look("put", [&] {
    make_folders(staging);
    const Fd file = open_file(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0600);
    write_all(file.get(), kText, path);
    return "";
  });
  look("read back", [&] {
    const auto text = read_file(path, 1 << 10);
    return !text ? "it is not there" : *text == kText ? "" : "other bytes than were put";
  });
  look("list", [&] {
    std::error_code failed;
    for (const auto& entry : std::filesystem::directory_iterator(staging, failed)) {
      if (entry.path().filename() == name) return std::string();
    }
    return failed ? failed.message() : "what was put is not in the list";
  });
  look("delete", [&] {
    if (::unlink(path.c_str()) != 0) throw_errno("cannot remove " + quoted_path(path), errno);
    return stat_if_there(path) ? "it is still there" : "";
  });
  return findings;
}

}  // namespace algoctl
