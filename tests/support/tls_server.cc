#include "support/tls_server.h"

#include <doctest/doctest.h>

namespace algoctl::test {

bool has_openssl() { return run({"sh", "-c", "command -v openssl"}).exit == 0; }

Certificate::Certificate(const TemporaryFolder& folder, const std::string& file,
                         const std::string& name)
    : path(folder / (file + ".pem")), key(folder / (file + ".key")) {
  const ProcessResult made =
      run({"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
           "-nodes", "-days", "2", "-subj", "/CN=" + file, "-addext", "subjectAltName=" + name,
           "-keyout", key, "-out", path});
  REQUIRE(made.exit == 0);
}

TlsServer::TlsServer(const Certificate& certificate)
    : process_({"openssl", "s_server", "-www", "-accept", "127.0.0.1:0", "-cert", certificate.path,
                "-key", certificate.key},
               {.hold_input = true}) {
  const std::string mark = "ACCEPT 127.0.0.1:";
  process_.wait_for_out(mark);
  process_.wait_for_out_after(process_.so_far().out.find(mark), "\n");
  const std::string& out = process_.so_far().out;
  const std::size_t begin = out.find(mark) + mark.size();
  host = "127.0.0.1:" + out.substr(begin, out.find('\n', begin) - begin);
}

}  // namespace algoctl::test
