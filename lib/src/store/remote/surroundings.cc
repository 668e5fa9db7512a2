#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "algoctl/error.h"
#include "base/file.h"
#include "base/text.h"
#include "http/loop.h"
#include "store/remote/kinds.h"

extern char** environ;

namespace algoctl {
namespace {

constexpr std::int64_t kLongestFile = std::int64_t{1} << 20;
constexpr std::size_t kLongestOutput = std::size_t{1} << 20;

std::string read_all(int fd) {
  std::string text;
  std::array<char, 4096> buffer{};
  for (;;) {
    const ssize_t got = ::read(fd, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0 || text.size() > kLongestOutput) return text;
    text.append(buffer.data(), static_cast<std::size_t>(got));
  }
}

/// Its standard error is ours: what it complains about is for the person.
http::CommandOutput run(const std::vector<std::string>& command) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw_errno("cannot make a pipe", errno);
  const Fd out(ends[0]);
  Fd in(ends[1]);
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, in.get(), STDOUT_FILENO);
  std::vector<char*> arguments;
  for (const std::string& each : command) arguments.push_back(const_cast<char*>(each.c_str()));
  arguments.push_back(nullptr);
  pid_t child = 0;
  const int fault =
      ::posix_spawnp(&child, arguments.front(), &actions, nullptr, arguments.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  if (fault != 0) throw_errno("cannot start " + quoted(command.front()), fault);
  in = Fd();
  http::CommandOutput output;
  output.text = read_all(out.get());
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  output.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return output;
}

/// Asks once, and keeps what came.
class Once final : public http::Job {
 public:
  Once(const http::Request& request, http::Response& answer) : request_(request), answer_(answer) {}
  http::Request request() override { return request_; }
  void answered(const http::Response& response) override { answer_ = response; }
  void failed(const http::Failure& failure, const http::Response* response) override {
    if (response == nullptr) throw Error(Code::storage, failure.message);
    answer_ = *response;
  }

 private:
  http::Request request_;
  http::Response& answer_;
};

}  // namespace

http::Surroundings surroundings_of(const StoreSettings& settings) {
  http::Surroundings around;
  around.variable = settings.variable ? settings.variable : [](const std::string&) {
    return std::optional<std::string>();
  };
  around.read = [](const std::string& path) { return read_file(path, kLongestFile); };
  around.run = run;
  around.fetch = [user_agent = settings.user_agent,
                  stop = settings.stop](const http::Request& request) {
    http::LoopOptions options;
    options.user_agent = user_agent;
    options.stop = stop;
    options.timeout = std::chrono::seconds(2);  // it is on this machine, or there is none
    http::RetryOptions retry;
    retry.tries = 2;
    http::Loop loop(options, retry);
    http::Response answer;
    loop.add(std::make_unique<Once>(request, answer));
    loop.run();
    return answer;
  };
  return around;
}

http::LoopOptions loop_options(const StoreSettings& settings, const std::string& origin,
                               const std::string& ca_file) {
  const http::Surroundings around = surroundings_of(settings);
  const auto first_of = [&](std::initializer_list<const char*> names) {
    for (const char* name : names) {
      if (auto value = around.filled(name)) return *value;
    }
    return std::string();
  };
  http::LoopOptions options;
  options.ca_file = ca_file.empty() ? first_of({"AWS_CA_BUNDLE", "SSL_CERT_FILE"}) : ca_file;
  // The names that curl and others go by; HTTP_PROXY in capitals can be set by a web request.
  const bool is_tls = starts_with(origin, "https:");
  options.proxy = is_tls ? first_of({"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"})
                         : first_of({"http_proxy", "all_proxy", "ALL_PROXY"});
  options.no_proxy = first_of({"no_proxy", "NO_PROXY"});
  options.user_agent = settings.user_agent;
  options.bytes_per_second = settings.bytes_per_second;
  options.pace = settings.pace;
  options.stop = settings.stop;
  options.timeout = settings.timeout;
  return options;
}

}  // namespace algoctl
