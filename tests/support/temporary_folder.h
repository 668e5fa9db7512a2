#pragma once

#include <string>
#include <string_view>

namespace algoctl::test {

/// A folder of its own for one test, removed with all in it in the end.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  [[nodiscard]] const std::string& path() const noexcept { return path_; }
  /// `PATH/NAME`.
  [[nodiscard]] std::string operator/(std::string_view name) const;
  /// Writes a file, with the folders above it. Returns its path.
  std::string write(std::string_view name, std::string_view bytes) const;

 private:
  std::string path_;
};

/// The bytes of a file; fails the test when it cannot be read.
std::string read(const std::string& path);

}  // namespace algoctl::test
