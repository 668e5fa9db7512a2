#pragma once

#include <string>
#include <string_view>

namespace algoctl {

/// The scheme of a store's URL, in lower case; empty for the path of a folder.
std::string scheme_of(std::string_view url);

/// True for the path of a folder, and for `file:`.
bool is_folder_url(std::string_view url);

/// Text with its `%XX` decoded, part of `url`. Throws Error{usage} for a malformed one, or `%00`.
std::string decode_url(std::string_view text, std::string_view url);

/// `file:///srv/store` of an absolute path; what a URL cannot hold as `%XX`.
std::string file_url(std::string_view path);

/// The path in `file:///PATH`, `file://localhost/PATH` or `file:PATH`. Throws Error{usage} for
/// another host or a malformed `%`.
std::string path_of_file_url(std::string_view url);

}  // namespace algoctl
