#include "support/typist.h"

#include <filesystem>

namespace algoctl::test {

namespace {

constexpr const char* kClear = "\x15";  // Ctrl-U
constexpr const char* kTell = "\x07";   // Ctrl-G, bound below to print the line between marks

Arguments command_of(const std::string& shell) {
  // A session of its own, as a terminal window would have.
  const Arguments start = {"setsid", "--ctty", shell};
  const Arguments options =
      shell == "bash" ? Arguments{"--norc", "--noprofile", "-i"} : Arguments{"-f", "-i"};
  Arguments all = start;
  all.insert(all.end(), options.begin(), options.end());
  return all;
}

/// Colour, bells and history are of no use here.
std::string preparation(const std::string& shell) {
  if (shell == "bash") {
    return "set +o history; bind 'set bell-style none'; bind 'set enable-bracketed-paste off'; "
           "bind -x '\"\\C-g\": printf \"<%s>\\n\" \"$READLINE_LINE\"'; "
           "source <(algoctl completion bash)\n";
  }
  return "autoload -Uz compinit; compinit -D; unsetopt beep prompt_cr prompt_sp; "
         "tell() { print -r -- \"<$BUFFER>\" }; zle -N tell; bindkey '^G' tell; "
         "bindkey '^U' kill-whole-line; source <(algoctl completion zsh)\n";
}

ProcessOptions environment(const Shop& shop) {
  ProcessOptions options = shop.inside({.hold_input = true, .terminal = true});
  options.env["PATH"] = path_with_program();
  options.env["TERM"] = "xterm";
  options.env["LC_ALL"] = "C.UTF-8";
  return options;
}

}  // namespace

std::string path_with_program() {
  return std::filesystem::path(ALGOCTL_PROGRAM).parent_path().string() + ":/usr/bin:/bin";
}

Typist::Typist(const Shop& shop, const std::string& shell, const std::string& setup)
    : process_(command_of(shell), environment(shop)) {
  process_.type(preparation(shell) + setup + "\necho '<ready>'\n");
  next_answer();
}

std::string Typist::line_after(const std::string& keys) {
  process_.type(kClear + keys + kTell);
  return next_answer();
}

std::string Typist::next_answer() {
  const std::string& out = process_.so_far().out;
  process_.wait_for_out_after(read_, ">\n");
  const std::size_t begin = out.find('<', read_);
  const std::size_t end = out.find(">\n", begin);
  read_ = end + 2;
  return out.substr(begin + 1, end - begin - 1);
}

}  // namespace algoctl::test
