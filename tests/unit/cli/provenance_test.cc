#include "provenance.h"

#include <doctest/doctest.h>

#include "algoctl/error.h"
#include "support/process.h"
#include "support/temporary_folder.h"

namespace algoctl::cli {
namespace {

constexpr const char* kCommit = "0123456789abcdef0123456789abcdef01234567";

/// A work tree with one commit, of algorithm.json and train.py.
class WorkTree {
 public:
  WorkTree() {
    folder_.write("algorithm.json", "{}");
    folder_.write("train.py", "1");
    git({"init", "--quiet"});
    git({"add", "."});
    git({"-c", "user.name=Ada", "-c", "user.email=ada@example.com", "commit", "--quiet", "-m",
         "x"});
  }

  std::string git(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {"git", "-C", folder_.path()});
    const auto result = test::run(arguments, {.env = {{"HOME", folder_.path()}}});
    REQUIRE_MESSAGE(result.exit == 0, result.err);
    return result.out.substr(0, result.out.find('\n'));
  }

  [[nodiscard]] const test::TemporaryFolder& folder() const { return folder_; }
  [[nodiscard]] Provenance provenance() const { return provenance_of(folder_ / "algorithm.json"); }

 private:
  test::TemporaryFolder folder_;
};

}  // namespace

TEST_CASE("parse_git_status: commit, upstream, dirtiness") {
  const std::string head = std::string("# branch.oid ") + kCommit + "\n# branch.head main\n";
  CHECK(parse_git_status(head).commit == kCommit);
  CHECK(parse_git_status(head).upstream_remote == "");
  CHECK_FALSE(parse_git_status(head).dirty);
  CHECK(parse_git_status(head + "# branch.upstream origin/main\n# branch.ab +0 -0\n")
            .upstream_remote == "origin");
  CHECK(parse_git_status(head + "1 .M N... 100644 100644 100644 a b train.py\n").dirty);
  CHECK(parse_git_status("# branch.oid (initial)\n").commit == "");
  CHECK(parse_git_status("").commit == "");
}

TEST_CASE("pick_remote: the one that is followed, else origin") {
  const std::string text =
      "remote.fork.url git@example.com:ada/x\n"
      "remote.origin.url https://ada:secret@example.com/acme/x\n";
  CHECK(pick_remote(text, "") == "https://example.com/acme/x");
  CHECK(pick_remote(text, "fork") == "git@example.com:ada/x");
  CHECK(pick_remote(text, "gone") == "https://example.com/acme/x");
  CHECK(pick_remote("", "origin") == "");
}

TEST_CASE("provenance_of: what git knows") {
  const WorkTree tree;
  const std::string commit = tree.git({"rev-parse", "HEAD"});
  CHECK(tree.provenance().commit == commit);
  CHECK(tree.provenance().remote == "");
  CHECK(tree.provenance().dirty == false);
  tree.git({"remote", "add", "origin", "https://ada:secret@example.com/acme/x.git"});
  CHECK(tree.provenance().remote == "https://example.com/acme/x.git");

  tree.folder().write("algorithm.json", "{ }");  // the manifest is recorded anyway
  tree.folder().write("model.pkl", "untracked");
  CHECK(tree.provenance().dirty == false);
  tree.folder().write("train.py", "2");
  CHECK(tree.provenance().dirty == true);
  CHECK(git_commit(tree.folder().path()) == commit.substr(0, 12));
}

TEST_CASE("provenance_of: a change beside the manifest's folder counts too") {
  const WorkTree tree;
  const std::string manifest = tree.folder().write("deep/algorithm.json", "{}");
  CHECK(provenance_of(manifest).dirty == false);
  tree.folder().write("train.py", "2");
  CHECK(provenance_of(manifest).dirty == true);
}

TEST_CASE("provenance_of: nothing outside git, or where git fails") {
  const test::TemporaryFolder folder;
  const auto unknown = [](const Provenance& p) {
    return p.commit.empty() && p.remote.empty() && !p.dirty;
  };
  CHECK(unknown(provenance_of(folder / "algorithm.json")));
  folder.write(".git", "not a repository");
  CHECK(unknown(provenance_of(folder / "algorithm.json")));
}

TEST_CASE("git_commit: refuses to make one up") {
  const test::TemporaryFolder folder;
  try {
    git_commit(folder.path());
    FAIL("a commit outside git");
  } catch (const Error& error) {
    CHECK(error.code() == Code::usage);
    CHECK(error.message() ==
          "{git} in a label needs a git commit, and there is none for '" + folder.path() + "'");
    CHECK(error.hint() == "use {date} or {sha}, or commit first");
  }
}

}  // namespace algoctl::cli
