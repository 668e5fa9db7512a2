#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "algoctl/error.h"
#include "base/xml.h"
#include "http/message.h"

namespace algoctl {

/// `Range: bytes=0-9` for ten bytes from the first on.
http::Field range_header(std::int64_t offset, std::int64_t size);

/// True for a 404 of all that could hold the key: the bucket, the container or the account. What a
/// HEAD is answered with cannot say so.
bool says_no_bucket(const http::Response& response);

/// The root of an answer's document. Throws Error{storage} unless it is called `name`.
XmlNode parsed(const http::Response& response, std::string_view name, const std::string& store);

/// A whole number of bytes or parts, or -1.
std::int64_t number_in(std::string_view text) noexcept;

/// The object's size in `Content-Range: bytes 0-9/10` or `bytes */10`, or -1.
std::int64_t size_in_range(const http::Response& response);

/// What no object store answers.
Error unusable(const std::string& what);

/// A child's text, which the answer must have. Throws Error{storage}.
std::string next_in(const XmlNode& root, std::string_view child, const std::string& store);

}  // namespace algoctl
