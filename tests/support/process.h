#pragma once

#include <sys/types.h>

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace algoctl::test {

/// How a program ended, and what it printed.
struct ProcessResult {
  int exit;  ///< 128+N when signal N ended it
  std::string out;
  std::string err;
};

/// How a program is started. Its environment is `env`, PATH, TMPDIR and what sanitizers read:
/// nothing of the developer's own reaches it.
struct ProcessOptions {
  std::map<std::string, std::string> env = {};
  std::string input = {};        ///< its standard input; then end of file
  bool hold_input = false;       ///< no end of file: it waits for more
  std::string cwd = {};          ///< empty: ours
  std::string stdout_path = {};  ///< sent there instead of into `out`
  bool close_stdin = false;      ///< started without the descriptor at all, as by `<&-`
  bool close_stdout = false;
  bool close_stderr = false;
  bool stop_reading = false;  ///< nobody reads its standard output, as in `algoctl … | true`
  bool terminal = false;  ///< its standard input and error are a terminal; `err` is what it shows
  bool error_terminal = false;  ///< only its standard error is a terminal
  int seconds = 60;             ///< it is killed after that, and the test fails
};

/// A program that runs. Killed in the end, unless `wait` has seen it end.
class Process {
 public:
  /// `arguments` begins with the program: a path, or a name that PATH finds.
  explicit Process(const std::vector<std::string>& arguments, const ProcessOptions& options = {});
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  [[nodiscard]] pid_t pid() const noexcept { return pid_; }
  void send(int signal) const;

  /// Reads until standard output, or error, holds the text. Throws when it ends or takes too long.
  void wait_for_out(const std::string& text) { wait_for_out_after(0, text); }
  void wait_for_out_after(std::size_t offset, const std::string& text);
  void wait_for_err(const std::string& text);

  /// More of its standard input: what somebody types, on a terminal. Only with `hold_input`.
  void type(const std::string& text) { input_ += text; }
  /// No more of it: end of file after what has been typed.
  void end_input() { hold_input_ = false; }

  /// What it has printed up to the last wait.
  [[nodiscard]] const ProcessResult& so_far() const noexcept { return result_; }

  /// Returns when it has taken all of `input`, but for what a pipe holds.
  void feed();

  /// Waits for its end. To be called once.
  ProcessResult wait();

 private:
  void pump(const std::function<bool()>& enough);
  bool step(int timeout_ms);

  pid_t pid_ = -1;
  int in_ = -1;
  int out_ = -1;
  int err_ = -1;
  std::string input_;
  bool hold_input_ = false;
  long deadline_ms_ = 0;
  ProcessResult result_{};
};

/// Starts a program and waits for its end.
ProcessResult run(const std::vector<std::string>& arguments, const ProcessOptions& options = {});

#ifdef ALGOCTL_PROGRAM
/// The same for algoctl itself: `run_algoctl({"config"})`.
inline ProcessResult run_algoctl(std::vector<std::string> arguments,
                                 const ProcessOptions& options = {}) {
  arguments.insert(arguments.begin(), ALGOCTL_PROGRAM);
  return run(arguments, options);
}
#endif

}  // namespace algoctl::test
