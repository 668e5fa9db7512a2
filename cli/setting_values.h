#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace algoctl::cli {

/// `path`, absolute and normal; a relative one is taken in `folder`.
std::string path_in(const std::string& folder, const std::string& path);

/// The same for what may also be a URL: in `sqlite:` and `file:` a relative path is taken in
/// `folder`, other URLs stay as they are.
std::string url_in(const std::string& folder, const std::string& url);

/// `30` or `0.5`: at least nothing, at most a year; nullopt for anything else.
std::optional<std::chrono::milliseconds> parse_seconds(const std::string& text);

/// Digits alone; nullopt for anything else.
std::optional<std::int64_t> parse_bytes(const std::string& text);

/// `90d`, `12h`, `30m`, `45s`, `2w`. Throws Error{usage}.
std::chrono::milliseconds parse_duration(const std::string& text);

/// `FOLDER/NAME`.
std::string in_folder(const std::string& folder, const std::string& name);

/// The folder above an absolute path; empty above `/`.
std::string parent_of(const std::string& path);

}  // namespace algoctl::cli
