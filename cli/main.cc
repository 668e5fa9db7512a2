#include <new>

#include "console.h"
#include "output.h"
#include "program.h"
#include "signals.h"

namespace algoctl::cli {

namespace {

int report(Console& console, const Error& error, bool json) {
  const int exit = error.code() == Code::interrupted ? interrupted_status() : error.exit_status();
  console.error(error, exit, json);
  return exit;
}

int run(const std::vector<std::string>& arguments) {
  Output output(1);
  Console console(2);
  const bool json = has_option(arguments, "--json");
  try {
    return run_program(arguments, output, console);
  } catch (const Error& error) {
    return report(console, error, json);
  } catch (const std::bad_alloc&) {
    return report(console, Error(Code::storage, "out of memory"), json);
  } catch (const std::exception& error) {
    return report(
        console,
        Error(Code::internal, error.what(), "this is a defect in algoctl: please report it"), json);
  }
}

}  // namespace

}  // namespace algoctl::cli

int main(int argc, char** argv) {
  algoctl::cli::open_standard_files();
  algoctl::cli::catch_signals();
  return algoctl::cli::run({argv + (argc > 0 ? 1 : 0), argv + argc});
}
