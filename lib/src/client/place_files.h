#pragma once

#include <string>
#include <vector>

namespace algoctl {

/// Where a file is to be: no link to a folder is followed on the way down from `root`.
struct Place {
  std::string root;      ///< a folder
  std::string relative;  ///< the name below it

  [[nodiscard]] std::string path() const {
    return root == "." ? relative : (root == "/" ? "" : root) + "/" + relative;
  }
};

/// A complete file in this file system, and the name that it is to get.
struct ReadyFile {
  std::string staged;
  Place place;
};

/// Gives all of them their names, each at once, durably; folders are made. What is there under such
/// a name is replaced, and put back when a later one fails. Throws Error{storage}; Error{usage} for
/// a link to a folder on the way down from a root.
void place_files(const std::vector<ReadyFile>& files);

/// Gives a folder its name, with all that is in it at once, durably. False when something of that
/// name is there by now. Throws Error{storage}.
bool place_folder(const std::string& staged, const std::string& path);

}  // namespace algoctl
