#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "algoctl/error.h"
#include "http/surroundings.h"

namespace algoctl::http {

/// Surroundings made of tables. What is in none of them is not there; what is not expected, fails.
struct Played {
  std::map<std::string, std::string> variables = {{"HOME", "/h"}};
  std::map<std::string, std::string> files;
  CommandOutput output;
  std::vector<Response> answers;  ///< of the metadata service, in order

  std::vector<std::vector<std::string>> commands;  ///< that were run
  std::vector<Request> requests;                   ///< that were sent

  Surroundings surroundings() {
    return {
        [this](const std::string& name) { return look_up(variables, name); },
        [this](const std::string& path) { return look_up(files, path); },
        [this](const std::vector<std::string>& command) {
          commands.push_back(command);
          return output;
        },
        [this](const Request& request) {
          requests.push_back(request);
          if (requests.size() > answers.size()) {
            throw Error(Code::storage, "no route to " + request.host());
          }
          return answers[requests.size() - 1];
        },
    };
  }

 private:
  static std::optional<std::string> look_up(const std::map<std::string, std::string>& table,
                                            const std::string& key) {
    const auto found = table.find(key);
    return found == table.end() ? std::nullopt : std::optional<std::string>(found->second);
  }
};

/// The error that a function throws, `MESSAGE [CODE] HINT`; empty when it throws none.
inline std::string error_of(const std::function<void()>& function) {
  try {
    function();
  } catch (const Error& error) {
    return error.message() + " [" + std::string(code_name(error.code())) + "] " + error.hint();
  }
  return {};
}

}  // namespace algoctl::http
