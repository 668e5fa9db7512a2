#pragma once

#include <string>
#include <vector>

#include "support/shop.h"

namespace algoctl::test {

/// A session at a terminal, written down:
///     # a remark, kept
///     $ algoctl init acme/sentiment      a command, run by sh in the shop's work folder
///     > TMP/work/algorithm.json          what it printed
///     ! algoctl: a message               what it said on stderr
///     ? 2                                its exit status, unless 0
/// What differs from run to run has a name: TMP, TIME, USER, <sha256 1>, <id 1>; equal values have
/// equal names.
class Transcript {
 public:
  struct Step {
    std::string command;
    ProcessResult result;
  };

  /// Runs the commands of `text`, one after the other.
  Transcript(const Shop& shop, const std::string& text);

  [[nodiscard]] const std::vector<Step>& steps() const noexcept { return steps_; }
  /// The session as it went this time.
  [[nodiscard]] std::string text() const;

 private:
  std::string folder_;
  std::vector<std::string> lines_;  // those that are kept: remarks and commands
  std::vector<Step> steps_;
};

}  // namespace algoctl::test
