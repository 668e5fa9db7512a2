#pragma once

#include <memory>
#include <string>

#include "http/loop.h"
#include "http/surroundings.h"
#include "store/remote/conversation.h"
#include "store/store_settings.h"

namespace algoctl {

/// The kinds of stores behind HTTP: each opens a conversation by the store's URL, which `url` says
/// with all that others need to open the same one, but for credentials. Throws Error{usage} for a
/// malformed URL, Error{unauthorized} when credentials are missing or cannot be understood.
std::unique_ptr<Conversation> talk_to_s3(const std::string& url, const StoreSettings& settings);
std::unique_ptr<Conversation> talk_to_google(const std::string& url, const StoreSettings& settings);
std::unique_ptr<Conversation> talk_to_azure(const std::string& url, const StoreSettings& settings);
std::unique_ptr<Conversation> talk_to_web(const std::string& url, const StoreSettings& settings);

/// The conversation of whichever kind the URL is of. Throws as they do, and Error{usage} for a URL
/// that none answers to, or of a folder of this file system.
std::unique_ptr<Conversation> open_conversation(const std::string& url,
                                                const StoreSettings& settings);

/// A file of authorities, and who names it: `AWS_CA_BUNDLE`.
struct CaFile {
  std::string path;  ///< empty: none is named
  std::string from;
};

/// How requests are sent; `ca_file` beats the environment's. Throws Error{storage} when the origin
/// is asked over TLS, and the file that is named holds no authorities.
http::LoopOptions loop_options(const StoreSettings& settings, const std::string& origin,
                               const CaFile& ca_file = {});

/// What credentials come from.
http::Surroundings surroundings_of(const StoreSettings& settings);

}  // namespace algoctl
