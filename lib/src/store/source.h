#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "algoctl/digest.h"
#include "base/file.h"

namespace algoctl {

/// Which changes of a file make its reading void.
enum class Watch {
  everything,  ///< any
  bytes,       ///< of size and mtime only: an object's links come and go while others store it
};

/// Bytes that are about to be stored: a file, or a stream such as standard input. They are read
/// once, front to back, by one thread at a time.
class ObjectSource {
 public:
  /// Opens a regular file. Throws Error{not_found} when it is not there, Error{usage} for a folder,
  /// a pipe, a device or a socket, Error{storage} when it cannot be opened.
  static ObjectSource open(const std::string& path, Watch watch = Watch::everything);

  /// Reads what is left in `fd`, which stays the caller's. `name` is what errors call it.
  static ObjectSource stream(int fd, std::string name);

  /// `size` bytes of the file `fd`, which stays the caller's, from `offset` on, which must be those
  /// of `digest`. `name` is what errors call it, `remedy` the hint when they are others.
  static ObjectSource section(int fd, std::int64_t offset, std::int64_t size, const Digest& digest,
                              std::string name, std::string remedy);

  /// What errors call it: a path in quotes, or a stream's name.
  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  [[nodiscard]] int fd() const noexcept { return fd_; }
  /// Of a file: what it was when it was opened. Of a stream: nullopt, its length is not known.
  [[nodiscard]] const std::optional<FileStamp>& stamp() const noexcept { return stamp_; }
  /// True when any change after the opening must show in a file's stamp. What was read may then be
  /// remembered under it.
  [[nodiscard]] bool settled() const noexcept { return settled_; }

  /// Fills `buffer`; fewer bytes only at the end. Throws Error{storage}; Error{interrupted} once
  /// `stop` is set, also while it waits for a stream.
  std::size_t read(char* buffer, std::size_t size, const std::atomic<bool>* stop);

  /// Back to the beginning of a file. Throws Error{storage}.
  void rewind();

  /// Throws Error{storage} when a file is not what it was when it was opened, or when not all of
  /// it, but `bytes_read`, was read.
  void require_unchanged(std::int64_t bytes_read) const;

  /// Throws Error{integrity} when what was read is not what a section must be.
  void require_expected(const Digest& found) const;

 private:
  ObjectSource() = default;
  void take_stamp();

  Fd owned_;
  int fd_ = -1;
  std::string name_;
  std::optional<FileStamp> stamp_;
  bool settled_ = false;
  Watch watch_ = Watch::everything;

  /// Of a section: what it must be, and what is left of it.
  struct Section {
    Digest digest;
    std::string remedy;
    std::int64_t offset;
    std::int64_t left;
  };
  std::optional<Section> section_;
};

}  // namespace algoctl
