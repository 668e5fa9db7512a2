#include <initializer_list>

#include "base/clock.h"
#include "base/text.h"
#include "base/xml.h"
#include "store/remote/explain.h"

namespace algoctl {
namespace {

/// An answer taken apart, and what the request showed to prove whose it is.
struct Refused {
  const http::Request& request;
  const http::Response& response;
  const std::string& store;
  std::int64_t now_ms;
  std::string code;    ///< of HEAD too, whose answer has no body
  std::string detail;  ///< why a proof was not accepted
  bool by_sas;
  bool by_nothing;
};

Refused taken_apart(const http::Request& request, const http::Response& response,
                    const std::string& store, std::int64_t now_ms, const XmlNode& error) {
  const bool by_sas = http::find_field(request.query, "sig").has_value();
  const bool by_key = http::find_field(request.headers, "authorization").has_value();
  return {request,
          response,
          store,
          now_ms,
          response.header("x-ms-error-code").value_or(error.value("Code")),
          error.value("AuthenticationErrorDetail"),
          by_sas,
          !by_sas && !by_key};
}

/// The permission that a request needs, and its letter in a SAS token.
std::string azure_permission(const http::Request& request) {
  if (request.method == "DELETE") return "delete (d)";
  if (request.method == "PUT") return "write (w)";
  return http::find_field(request.query, "comp") == "list" ? "list (l)" : "read (r)";
}

constexpr const char* kLookAtKey =
    "look at AZURE_STORAGE_KEY or AZURE_STORAGE_CONNECTION_STRING, and at the endpoint";

/// Neither key nor token was accepted.
Error unproven(const Refused& what) {
  const auto contains = [&](const char* part) {
    return what.detail.find(part) != std::string::npos;
  };
  if (what.by_nothing) {
    return refused(what.store, "it cannot be read without credentials",
                   "take credentials=none out of the store's URL");
  }
  if (!what.by_sas && contains("date header too old")) {
    return refused(what.store,
                   "this machine's clock is wrong" + clock_skew(what.response, what.now_ms),
                   "set the clock: a signature holds for 15 minutes");
  }
  if (!what.by_sas && what.code == "AuthorizationFailure") {
    // Azurite's word for any wrong key.
    return refused(what.store,
                   "the key does not fit the account, or its network rules keep this machine out",
                   kLookAtKey);
  }
  if (!what.by_sas) return refused(what.store, "the key does not fit the account", kLookAtKey);
  const std::string end = http::find_field(what.request.query, "se").value_or("");
  const auto expires = parse_time(end);
  if (expires && *expires < what.now_ms) {
    return refused(what.store, "the SAS token has expired: it was good until " + printable(end),
                   "get a new one");
  }
  if (contains("not valid in the specified time frame")) {
    return refused(what.store, "the SAS token has expired, or is not good yet", "get a new one");
  }
  return refused(what.store, "the SAS token is not accepted",
                 "look at AZURE_STORAGE_SAS_TOKEN, and whether its key was changed");
}

bool is_one_of(const std::string& code, std::initializer_list<const char*> codes) {
  for (const char* each : codes) {
    if (code == each) return true;
  }
  return false;
}

/// The first line: request and time follow.
std::string message_in(const XmlNode& error) {
  const std::string message = error.value("Message");
  return message.substr(0, message.find('\n'));
}

}  // namespace

Error explain_azure(const http::Request& request, const http::Response& response,
                    const std::string& store, std::int64_t now_ms) {
  const XmlNode error = parse_xml(response.body).value_or(XmlNode());
  const Refused what = taken_apart(request, response, store, now_ms, error);
  const std::string& code = what.code;
  if (is_one_of(code, {"AuthenticationFailed", "AuthorizationFailure", "InvalidAuthenticationInfo",
                       "NoAuthenticationInformation", "PublicAccessNotPermitted"})) {
    return unproven(what);
  }
  if (code == "ContainerNotFound") {
    return {Code::storage, store + ": there is no such container",
            "make it first, or look at the name and the endpoint"};
  }
  if (code == "ContainerBeingDeleted") {
    return {Code::storage, store + ": the container is being deleted", "run it again later"};
  }
  if (code == "ResourceNotFound") {
    return what.by_nothing ? unproven(what)
                           : Error(Code::storage, store + ": there is no such account",
                                   "look at the name and the endpoint");
  }
  if (code == "AccountIsDisabled") {
    return refused(store, "the account is disabled", "enable it, or use another one");
  }
  if (is_one_of(code, {"Md5Mismatch", "Crc64Mismatch"})) {
    return {Code::storage, store + ": the bytes arrived damaged", "run it again"};
  }
  if (code == "InvalidBlockList") {
    return {Code::storage, store + ": the server does not have all parts any more",
            "run it again: all parts are sent anew"};
  }
  if (is_one_of(code, {"InvalidBlobOrBlock", "BlockCountExceedsLimit"})) {
    return {Code::storage,
            store + ": what another program began to upload to " + request.path + " is in the way",
            "delete that blob, or run it again in a week, when the server has dropped it"};
  }
  if (is_one_of(code, {"BlobArchived", "BlobBeingRehydrated"})) {
    return {Code::storage, store + ": " + request.path + " is archived and cannot be read now",
            "bring it back with az storage blob set-tier --tier Hot, and wait"};
  }
  if (response.status == 401 || response.status == 403) {
    const bool is_plain = code.empty() || code == "AuthorizationPermissionMismatch";
    return refused(
        store,
        "no permission for " + azure_permission(request) + (is_plain ? "" : ": " + printable(code)),
        what.by_sas ? "get a SAS token with it: a store needs sp=rwdl"
                    : "grant it to what is used, or use the account's key");
  }
  return explain_status(request, response, store, code_and_message(code, message_in(error)));
}

}  // namespace algoctl
