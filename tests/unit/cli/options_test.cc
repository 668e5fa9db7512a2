#include "options.h"

#include <doctest/doctest.h>

#include "algoctl/error.h"
#include "algoctl/name.h"
#include "algoctl/publish.h"
#include "globals.h"

namespace algoctl::cli {
namespace {

/// What `upload` could look like, with one of everything.
struct Args {
  GlobalOptions globals;
  bool replace = false;
  std::string label;
  std::string notes;
  std::optional<Version> version;
  std::vector<std::string> metadata;
  std::string reference;
  std::optional<std::string> field;

  explicit Args(const std::vector<std::string>& arguments) {
    Options options;
    define_globals(options, globals);
    options.begin_command("upload");
    options.flag(replace, "-r,--replace", "let a label move");
    options.value(label, "-m,--label", "LABEL", "its label");
    options.value(notes, "--notes", "NOTES", "what changed", parse_text<std::string>);
    options.value(version, "--version", "V", "a version");
    options.list(metadata, "--meta", "K=V", "metadata");
    options.argument(reference, "REF", "a reference");
    options.optional_argument(field, "FIELD", "a field");
    options.parse(arguments);
  }
};

/// The message and hint of the error that the arguments cause.
std::string problem(const std::vector<std::string>& arguments) {
  try {
    const Args args(arguments);
  } catch (const Error& error) {
    CHECK(error.code() == Code::usage);
    return error.message() + "|" + error.hint();
  }
  return "none";
}

}  // namespace

TEST_CASE("options: long, short, with and without an equals sign") {
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"ref", "--label", "a b", "--replace"},
        {"--label=a b", "--replace", "ref"},
        {"-m", "a b", "-r", "ref"},
        {"-rm", "a b", "ref"},
        {"-r", "-ma b", "--", "ref"}}) {
    const Args args(arguments);
    CHECK(args.label == "a b");
    CHECK(args.replace);
    CHECK(args.reference == "ref");
    CHECK_FALSE(args.field);
  }
}

TEST_CASE("options: what an option's value may be") {
  struct Case {
    std::vector<std::string> arguments;
    const char* want;
  };
  for (const Case& c :
       {Case{{"--label", "-5 %", "ref"}, "-5 %"}, Case{{"--label=-r", "ref"}, "-r"},
        Case{{"--label=--replace", "ref"}, "--replace"}, Case{{"--label=-h", "ref"}, "-h"},
        Case{{"--label", "-", "ref"}, "-"}, Case{{"--label=--x", "ref"}, "--x"},
        Case{{"--label=a=b", "ref"}, "a=b"}, Case{{"--label", "[a,b]", "ref"}, "[a,b]"}}) {
    const Args args(c.arguments);
    CHECK(args.label == c.want);
    CHECK(args.reference == "ref");
  }
}

TEST_CASE("options: an empty value is none, but where a text may be empty") {
  const std::string why = ": the value is empty|give it one, or leave the option out";
  CHECK(problem({"ref", "--label="}) == "option --label" + why);
  CHECK(problem({"ref", "-m", ""}) == "option --label" + why);
  CHECK(problem({"ref", "--meta", "a=1", "--meta", ""}) == "option --meta" + why);
  CHECK(problem({"ref", "--home", ""}) == "option --home" + why);
  CHECK(Args({"ref", "--notes", ""}).notes == "");
  CHECK(Args({"ref", "--notes="}).notes == "");
}

TEST_CASE("options: who asks for help") {
  Options options;
  std::string label;
  std::string place;
  bool replace = false;
  bool help = false;
  options.value(label, "-m,--label", "LABEL", "its label");
  options.value(place, "--place", "[URL]", "a place");
  options.flag(replace, "-r,--replace", "let a label move");
  options.flag(help, "-h,--help", "print this");
  using Words = std::vector<std::string>;
  for (const Words& words : {Words{"-h"},
                             {"a", "--help"},
                             {"-m", "x", "-h"},
                             {"-r", "-h"},
                             {"--label=x", "-h"},
                             {"--place", "-h"},
                             {"--nonsense", "-h"}}) {
    CHECK(options.ask_for_help(words));
  }
  for (const Words& words : {Words{},
                             {"-m", "-h"},
                             {"-m", "--help"},
                             {"--label=-h"},
                             {"--", "-h"},
                             {"-m", "--", "-h"},
                             {"x", "-m"}}) {
    CHECK_FALSE(options.ask_for_help(words));
  }
}

TEST_CASE("options: positional arguments") {
  CHECK(Args({"-"}).reference == "-");
  CHECK(Args({"--", "--replace"}).reference == "--replace");
  CHECK(Args({"--", "--"}).reference == "--");
  CHECK(Args({"--", "--label=x"}).reference == "--label=x");
  CHECK(Args({"[a,b]"}).reference == "[a,b]");
  CHECK(Args({""}).reference == "");
  CHECK(Args({"ref", "notes"}).field == "notes");
}

TEST_CASE("options: a list takes one value each time, and no positional argument") {
  const Args args({"--meta", "a=1", "ref", "--meta=b=2", "field"});
  CHECK(args.metadata == std::vector<std::string>{"a=1", "b=2"});
  CHECK(args.reference == "ref");
  CHECK(args.field == "field");
}

TEST_CASE("options: values are parsed where they are read") {
  CHECK(Args({"ref", "--version", "v1.2.3"}).version == Version(1, 2, 3));
  CHECK(problem({"ref", "--version", "x"}).find("option --version: ") == 0);
}

TEST_CASE("options: global ones are set beside the command's") {
  const Args args({"--json", "-qv", "ref", "--home", "h", "--timeout=3"});
  CHECK(args.globals.json);
  CHECK(args.globals.quiet);
  CHECK(args.globals.verbose);
  CHECK(args.globals.home == "h");
  CHECK(args.globals.timeout == "3");
  CHECK_FALSE(args.globals.registry);
}

TEST_CASE("options: every mistake is named in our own words") {
  struct Case {
    std::vector<std::string> arguments;
    const char* want;
  };
  for (const Case& c : {
           Case{{"ref", "--replac"}, "unknown option '--replac'|did you mean '--replace'?"},
           Case{{"ref", "--replac=1"}, "unknown option '--replac'|did you mean '--replace'?"},
           Case{{"ref", "--hom", "x"}, "unknown option '--hom'|did you mean '--home'?"},
           Case{{"ref", "-z"}, "unknown option '-z'|see: algoctl upload --help"},
           Case{{"ref", "-rz"}, "unknown option '-z'|see: algoctl upload --help"},
           Case{{"ref", "--frobnicate"},
                "unknown option '--frobnicate'|see: algoctl upload --help"},
           Case{{"ref", "--dry-run"}, "unknown option '--dry-run'|'upload' changes nothing"},
           Case{{"ref", "--replace=no"}, "option --replace takes no value|leave out '=no'"},
           Case{{"ref", "--replace="}, "option --replace takes no value|leave out '='"},
           Case{{"ref", "--label"},
                "option --label needs a value: -m, --label LABEL|see: algoctl upload --help"},
           Case{{"ref", "-rm"},
                "option --label needs a value: -m, --label LABEL|see: algoctl upload --help"},
           Case{{"ref", "--label", "--replace"},
                "option --label needs a value: -m, --label LABEL|see: algoctl upload --help"},
           Case{{"ref", "--label", "--meta=a=b"},
                "option --label needs a value: -m, --label LABEL|see: algoctl upload --help"},
           Case{{"ref", "--meta"},
                "option --meta needs a value: --meta K=V|see: algoctl upload --help"},
           Case{{"ref", "-m", "a", "--label=b"}, "option --label was given twice|"},
           Case{{}, "argument REF is missing|see: algoctl upload --help"},
           Case{{"a", "b", "c d"}, "unexpected argument 'c d'|see: algoctl upload --help"},
       }) {
    CAPTURE(c.want);
    CHECK(problem(c.arguments) == c.want);
  }
}

TEST_CASE("options: a flag may be repeated") { CHECK(Args({"ref", "-r", "--replace"}).replace); }

TEST_CASE("options: arguments that are left, at least so many") {
  std::vector<std::string> files;
  std::optional<Algorithm> algorithm;
  const auto parse = [&](const std::vector<std::string>& arguments) {
    files.clear();
    Options options;
    options.begin_command("upload");
    options.argument(algorithm, "OWNER/NAME", "an algorithm");
    options.arguments(files, "FILE", "files", 1);
    options.parse(arguments);
  };
  parse({"acme/sentiment", "a", "-", "c"});
  CHECK(algorithm->str() == "acme/sentiment");
  CHECK(files == std::vector<std::string>{"a", "-", "c"});
  CHECK_THROWS_WITH_AS(parse({"acme/sentiment"}), "argument FILE is missing", Error);
}

TEST_CASE("options: pairs, each key once") {
  std::map<std::string, std::string> pairs;
  Options options;
  options.begin_command("x");
  options.list(
      pairs, "--meta", "K=V", "metadata",
      +[](const std::string& text) { return std::pair(text.substr(0, 1), text.substr(2)); });
  options.parse({"--meta", "a=1", "--meta", "b=2"});
  CHECK(pairs == std::map<std::string, std::string>{{"a", "1"}, {"b", "2"}});
  CHECK_THROWS_WITH_AS(options.parse({"--meta", "a=2"}), "option --meta: 'a' was given twice",
                       Error);
}

TEST_CASE("options: a parser of its own for a type that has none") {
  int length = 0;
  Options options;
  options.begin_command("x");
  options.value(
      length, "--length", "TEXT", "its length",
      +[](const std::string& text) { return static_cast<int>(text.size()); });
  options.parse({"--length", "abc"});
  CHECK(length == 3);
}

TEST_CASE("options: a metavar in brackets is a value that may be left out") {
  const auto read = [](const std::vector<std::string>& arguments) {
    std::optional<std::string> store;
    bool json = false;
    Options options;
    options.flag(json, "--json", "as a record");
    options.begin_command("x");
    options.value(store, "--store", "[URL]", "this one, or its own", parse_text<std::string>);
    options.parse(arguments);
    return store.value_or("none") + (json ? " json" : "");
  };
  CHECK(read({}) == "none");
  CHECK(read({"--store"}) == "");
  CHECK(read({"--store="}) == "");
  CHECK(read({"--store", "--json"}) == " json");
  CHECK(read({"--store", "s3://b", "--json"}) == "s3://b json");
  CHECK(read({"--store=s3://b"}) == "s3://b");
  CHECK_THROWS_WITH(read({"--store", "a", "--store"}), "option --store was given twice");
}

}  // namespace algoctl::cli
