#include "store/remote/explain.h"

namespace algoctl {

Error explain_web(const http::Request& request, const http::Response& response,
                  const std::string& store) {
  if (response.status == 401 || response.status == 403 || response.status == 407) {
    return refused(
        store,
        "the server does not show " + request.path + " (" + std::to_string(response.status) + ")",
        "it is read without a name or a password: whoever runs the server can allow it");
  }
  if (response.status == 404 || response.status == 410) {
    return {Code::storage, store + ": there is no " + request.path,
            "look at the URL, and whether all of the store is shown there"};
  }
  return explain_status(request, response, store, "");
}

}  // namespace algoctl
