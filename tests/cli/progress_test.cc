#include <doctest/doctest.h>
#include <unistd.h>

#include <memory>
#include <regex>

#include "support/shop.h"

namespace algoctl::test {
namespace {

/// An upload of standard input that is under way, in a shop of its own.
class Upload {
 public:
  Upload(const std::map<std::string, std::string>& env, bool terminal, const Arguments& options) {
    shop_.answer({"init", "acme/sentiment"});
    Arguments words = {ALGOCTL_PROGRAM, "upload", "-", "--as", "in.bin"};
    words.insert(words.end(), options.begin(), options.end());
    ProcessOptions how = shop_.inside({.env = env, .hold_input = true, .error_terminal = terminal});
    process_ = std::make_unique<Process>(words, how);
  }

  /// Zeros, which a store keeps in no space.
  void feed() {
    process_->type(std::string(std::size_t{1} << 20, '\0'));
    process_->feed();
  }
  [[nodiscard]] const std::string& shown() const { return process_->so_far().err; }
  ProcessResult finish() {
    process_->end_input();
    return process_->wait();
  }

 private:
  Shop shop_;
  std::unique_ptr<Process> process_;
};

using Environment = std::map<std::string, std::string>;

const Environment kTerm = {{"TERM", "xterm"}};

}  // namespace

TEST_CASE("progress: on a terminal, and nowhere else") {
  // Those that must be silent begin first, and are fed once more after the others have spoken.
  std::vector<std::unique_ptr<Upload>> silent;
  silent.push_back(std::make_unique<Upload>(kTerm, false, Arguments{}));
  silent.push_back(std::make_unique<Upload>(kTerm, true, Arguments{"-q"}));
  silent.push_back(std::make_unique<Upload>(kTerm, true, Arguments{"--json"}));
  silent.push_back(std::make_unique<Upload>(Environment{{"TERM", "dumb"}}, true, Arguments{}));
  Upload colored(kTerm, true, {});
  Upload plain({{"TERM", "xterm"}, {"NO_COLOR", "1"}}, true, {});
  while (colored.shown().empty() || plain.shown().empty()) {
    for (auto& upload : silent) upload->feed();
    colored.feed();
    plain.feed();
  }
  for (auto& upload : silent) upload->feed();

  static const std::regex lines("(\r-  [0-9.]+ [kMG]B  [0-9.]+ [kMG]B/s\x1b\\[K)+\r\x1b\\[K");
  for (Upload* upload : {&colored, &plain}) {
    const auto result = upload->finish();
    CHECK(result.exit == 0);
    CHECK(result.out == "data://acme/sentiment/in.bin\n");
    CAPTURE(result.err);
    CHECK(std::regex_match(result.err, lines));
  }
  for (auto& upload : silent) {
    const auto result = upload->finish();
    CHECK(result.exit == 0);
    CHECK(result.err == "");
  }
}

TEST_CASE("progress: of a file, with its part, rate and the time left") {
  const Shop shop;
  shop.answer({"init", "acme/sentiment"});
  const std::string path = shop.write("huge.bin", "the beginning");
  REQUIRE(::truncate(path.c_str(), std::int64_t{8} << 30) == 0);
  Process upload({ALGOCTL_PROGRAM, "upload", "huge.bin"},
                 shop.inside({.env = kTerm, .terminal = true}));
  upload.wait_for_err(" left\x1b[K");
  static const std::regex line(
      "\rhuge\\.bin  \\[=*> *\\]  +[0-9]+ %  [0-9.]+ [MG]B of 8\\.6 GB  [0-9.]+ [kMG]B/s  "
      "[0-9:]+ left\x1b\\[K");
  CAPTURE(upload.so_far().err);
  CHECK(std::regex_search(upload.so_far().err, line));
}

}  // namespace algoctl::test
