#pragma once

#include <string>

#include "support/process.h"
#include "support/temporary_folder.h"

namespace algoctl::test {

/// True where there is openssl, whose req command makes certificates in a moment.
bool has_openssl();

/// A certificate of its own authority, and its key. `name` as in `IP:127.0.0.1`.
struct Certificate {
  Certificate(const TemporaryFolder& folder, const std::string& file, const std::string& name);

  std::string path;
  std::string key;
};

/// Openssl's own server: answers each request with a page, and closes.
class TlsServer {
 public:
  explicit TlsServer(const Certificate& certificate);

  std::string host;  ///< `127.0.0.1:PORT`

 private:
  Process process_;
};

}  // namespace algoctl::test
