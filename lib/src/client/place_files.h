#pragma once

#include <string>
#include <vector>

namespace algoctl {

/// A complete file in this file system, and the name that it is to get.
struct ReadyFile {
  std::string staged;
  std::string path;
};

/// Gives all of them their names, each at once, durably; folders are made. What is there under such
/// a name is replaced, and put back when a later one fails. Throws Error{storage}.
void place_files(const std::vector<ReadyFile>& files);

/// Gives a folder its name, with all that is in it at once, durably. False when something of that
/// name is there by now. Throws Error{storage}.
bool place_folder(const std::string& staged, const std::string& path);

}  // namespace algoctl
