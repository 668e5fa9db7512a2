// One connection that serves several requests, spoken to as the library speaks to the module.

#include <doctest/doctest.h>

#include <functional>
#include <optional>
#include <string>

#include "http/module.h"
#include "support/scripted_server.h"

namespace algoctl::http {

using test::ScriptedServer;
using test::SeenRequest;

namespace {

/// Requests side by side; gone with all that it asked.
class Wire {
 public:
  Wire() {
    const AlgoctlHttpOptions options = {
        sizeof(AlgoctlHttpOptions), "", "", "", "", 20'000, 0, 4, &open_at_};
    http_ = module_.open(&options);
  }
  ~Wire() { module_.close(http_); }
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;

  [[nodiscard]] const AlgoctlHttpModule& module() const { return module_; }
  [[nodiscard]] AlgoctlHttp* http() const { return http_; }

 private:
  const AlgoctlHttpModule& module_ = load_module();
  std::int64_t open_at_ = 0;
  AlgoctlHttp* http_;
};

/// One request, and what came of it.
struct Asked {
  std::function<void()> before_body = [] {};  ///< called before its body, one byte, is sent
  std::string bytes = {};
  std::optional<std::string> ending = {};  ///< empty: its answer is whole; else the failure

  void start(const Wire& wire, const std::string& url, std::int64_t body_size, const char* header) {
    const char* const headers[] = {header, nullptr};
    const char* method = body_size < 0 ? "GET" : "PUT";
    const AlgoctlHttpRequest request = {sizeof(AlgoctlHttpRequest),
                                        this,
                                        method,
                                        url.c_str(),
                                        headers,
                                        body_size,
                                        read,
                                        [](void*, int, const char*, const char*) {},
                                        write};
    REQUIRE(wire.module().start(wire.http(), &request) == 0);
  }

  static std::int64_t read(void* self, std::int64_t, char* into, std::size_t) {
    static_cast<Asked*>(self)->before_body();
    *into = 'x';
    return 1;
  }
  static int write(void* self, const char* bytes, std::size_t size) {
    static_cast<Asked*>(self)->bytes.append(bytes, size);
    return 1;
  }
};

/// Until `done`, but no longer than the module waits for a server.
void run(const Wire& wire, const std::function<bool()>& done) {
  for (int i = 0; i < 400 && !done(); ++i) {
    wire.module().run(wire.http(), 50);
    AlgoctlHttpResult result{};
    while (wire.module().next(wire.http(), &result) != 0) {
      static_cast<Asked*>(result.tag)->ending = result.failure == 0 ? "" : result.message;
    }
  }
  REQUIRE(done());
}

}  // namespace

TEST_CASE("kept connection: the next answer on it is not taken for more of the one before") {
  ScriptedServer server;
  server.always([](const SeenRequest& request) -> test::ScriptedAnswer {
    if (request.target == "/first") return {.body = "0123456789", .stall_after = 5};
    return {.body = "second"};
  });
  const Wire wire;
  Asked first;
  first.start(wire, server.origin() + "/first", -1, "accept: */*");
  run(wire, [&] { return first.bytes.size() == 5; });
  server.release();
  REQUIRE(server.wait_for_answers(1));
  // In the same round the first ends, and the second is given its connection. It is answered while
  // its body is still read: the server was told that there is none.
  Asked second;
  second.before_body = [&] { REQUIRE(server.wait_for_answers(2)); };
  second.start(wire, server.origin() + "/second", 1, "content-length: 0");
  run(wire, [&] { return first.ending && second.ending; });
  CHECK(server.connections() == 1);
  CHECK(*first.ending == "");
  CHECK(first.bytes == "0123456789");
  CHECK(second.bytes == "second");
}

}  // namespace algoctl::http
