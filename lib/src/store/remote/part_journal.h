#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "base/file.h"

namespace algoctl {

/// What is known of a transfer in parts, kept in a file so that it goes on after a kill: a line for
/// the transfer, a line for each part that was moved. A help, never a need: what cannot be read is
/// not known, what cannot be written is forgotten. One process at a time has it; the others go
/// without. One thread at a time.
class PartJournal {
 public:
  /// A part that was moved.
  struct Moved {
    std::int64_t size;  ///< bytes
    std::string hash;   ///< hexadecimal digits: of what is sent SHA-256, of what comes a Checksum
    std::string tag;    ///< the server's word for it, may be empty
  };

  /// Goes without a file.
  PartJournal() = default;
  /// Opens the file for `subject`, which says what is moved, and how it is cut; what the file knows
  /// of another subject is dropped.
  PartJournal(std::string path, std::string subject);

  /// The server's name for the transfer; empty before `begin`.
  [[nodiscard]] const std::string& id() const noexcept { return id_; }
  /// By the part's number.
  [[nodiscard]] const std::map<int, Moved>& moved() const noexcept { return moved_; }

  /// Starts over, under this name.
  void begin(const std::string& id);
  void add(int number, const Moved& part);
  /// The transfer is over: removes the file.
  void remove() noexcept;

 private:
  void read();
  void append(const std::string& line) noexcept;

  std::string path_;
  std::string subject_;
  Fd fd_;  ///< locked
  std::string id_;
  std::map<int, Moved> moved_;
};

}  // namespace algoctl
