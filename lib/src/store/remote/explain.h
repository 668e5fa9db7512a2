#pragma once

#include <cstdint>
#include <string>

#include "algoctl/error.h"
#include "http/message.h"

namespace algoctl {

/// What an answer that is no success means to a person (Bucket::explain), for each kind of server.
/// `store` is its URL, `now_ms` this machine's clock.
Error explain_s3(const http::Request& request, const http::Response& response,
                 const std::string& store, std::int64_t now_ms);
/// True when the answer has a reason that `explain_s3` knows, and not a status alone.
bool is_known_to_s3(const http::Response& response);
Error explain_azure(const http::Request& request, const http::Response& response,
                    const std::string& store, std::int64_t now_ms);
Error explain_web(const http::Request& request, const http::Response& response,
                  const std::string& store);

/// The rest, of which every kind of server has the same: a redirect, too many requests, a status
/// that says nothing else. `said` is what the server calls it, may be empty.
Error explain_status(const http::Request& request, const http::Response& response,
                     const std::string& store, const std::string& said);

/// ` by 3600 s: it is … here and … there`, by the answer's Date; empty when it has none.
std::string clock_skew(const http::Response& response, std::int64_t now_ms);

/// Error{unauthorized}: `STORE: WHY`.
Error refused(const std::string& store, const std::string& why, const std::string& hint);

/// `CODE: MESSAGE` of an error document, either or both; control characters as spaces.
std::string code_and_message(const std::string& code, const std::string& message);

}  // namespace algoctl
