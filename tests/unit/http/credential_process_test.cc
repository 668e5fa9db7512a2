#include "http/credential_process.h"

#include <doctest/doctest.h>

#include "unit/http/played_surroundings.h"

namespace algoctl::http {

using Words = std::vector<std::string>;

TEST_CASE("split_words: blanks, quotes and backslashes as a shell has them, and nothing else") {
  struct Case {
    const char* line;
    Words words;
  };
  for (const Case& c : std::vector<Case>{
           {"", {}},
           {"  ", {}},
           {" get  keys\t--now ", {"get", "keys", "--now"}},
           {"'a b' \"c d\" e\\ f", {"a b", "c d", "e f"}},
           {"--x='a \"b\"'c \"it's\"", {"--x=a \"b\"c", "it's"}},
           {R"("a\"b\\c\d" 'e\f' \'g)", {R"(a"b\c\d)", R"(e\f)", "'g"}},
           {"'' \"\"", {"", ""}},
           {"a $HOME;b|c > *", {"a", "$HOME;b|c", ">", "*"}},
       }) {
    CAPTURE(c.line);
    CHECK(split_words(c.line) == c.words);
  }
  for (const char* line : {"'a", "\"a", "a\\", "\"a\\\""}) CHECK(!split_words(line));
}

TEST_CASE("run_credential_process: runs the command's words and takes what it prints") {
  Played played;
  played.output = {0, R"({"Version": 1, "AccessKeyId": "a", "SecretAccessKey": "b",
                          "SessionToken": "c", "Expiration": "2019-02-28T10:11:12Z"})"};
  const AwsCredentials keys =
      run_credential_process(played.surroundings(), "'/opt/my tool' --for x", "profile 'x'");
  CHECK(keys.key_id == "a");
  CHECK(keys.session_token.reveal() == "c");
  CHECK(keys.expires_at);
  CHECK(played.commands == std::vector<Words>{{"/opt/my tool", "--for", "x"}});
}

TEST_CASE("run_credential_process: a command that fails, prints something else, or is none") {
  Played played;
  const auto failure = [&](const char* command) {
    return error_of(
        [&] { run_credential_process(played.surroundings(), command, "profile 'x' in '/c'"); });
  };
  played.output = {3, "s3cret"};
  CHECK(failure("get --key s3cret") ==
        "credential_process of profile 'x' in '/c' failed with exit status 3 [unauthorized] "
        "run 'get' by hand, as the profile has it");
  played.output = {0, "s3cret"};
  CHECK(failure("get") ==
        "credential_process of profile 'x' in '/c' gave no JSON object [unauthorized] ");
  CHECK(failure("get 's3cret") ==
        "credential_process of profile 'x' in '/c' is no command: a quote is not closed [usage] ");
  CHECK(played.commands.size() == 2);
  played.output.ended_after = std::chrono::milliseconds(30'000);
  CHECK(failure("get") ==
        "credential_process of profile 'x' in '/c' gave no credentials within 30 s, and was ended "
        "[unauthorized] run 'get' by hand, as the profile has it, or wait longer with --timeout");
  played.output.ended_after = std::chrono::milliseconds(1050);
  CHECK(failure("get").find(" within 1.05 s, ") != std::string::npos);
  Surroundings around = played.surroundings();
  around.run = [](const std::vector<std::string>&) -> CommandOutput {
    throw Error(Code::storage, "cannot start 'get': No such file or directory");
  };
  CHECK(error_of([&] { run_credential_process(around, "get", "profile 'x' in '/c'"); }) ==
        "credential_process of profile 'x' in '/c': cannot start 'get': No such file or directory "
        "[unauthorized] name a program that is there: it is started without a shell");
}

}  // namespace algoctl::http
