#include <doctest/doctest.h>

#include <filesystem>
#include <regex>

#include "support/shop.h"

namespace fs = std::filesystem;

namespace algoctl::test {
namespace {

/// A slot's line as `init` and `upload` write it.
std::string slot_line(const std::string& slot, const std::string& label, std::string_view bytes) {
  return "\"" + slot + "\": { \"uri\": \"data://acme/sentiment/" + label + "\", \"sha256\": \"" +
         sha256_of(bytes) + "\", \"size\": " + std::to_string(bytes.size()) + " }";
}

}  // namespace

TEST_CASE("upload: stores, labels, repoints, and may be repeated") {
  const Started shop;
  shop.write("mymodel-201902.pkl", "february");
  const auto first = shop.algoctl({"upload", "mymodel-201902.pkl"});
  CHECK(first.exit == 0);
  CHECK(first.out == "data://acme/sentiment/mymodel-201902.pkl\n");
  CHECK(first.err == "");
  CHECK(shop.manifest() ==
        "{\n"
        "  \"schema\": \"algoctl.manifest/v1\",\n"
        "  \"name\": \"acme/sentiment\",\n"
        "  \"models\": {\n"
        "    " +
            slot_line("model", "mymodel-201902.pkl", "february") +
            "\n"
            "  }\n"
            "}\n");
  const std::string before = shop.state();
  const auto again = shop.algoctl({"upload", "mymodel-201902.pkl", "--json"});
  CHECK(again.exit == 0);
  CHECK(again.out ==
        filled(R"({"schema":"algoctl.upload/v1","files":[{"slot":"model",)"
               R"("uri":"data://acme/sentiment/mymodel-201902.pkl","label":"mymodel-201902.pkl",)"
               R"("sha256":"SHA","size":8,"stored":false,"external":null}],)"
               R"("manifest":"WORK/algorithm.json"})"
               "\n",
               {{"SHA", sha256_of("february")}, {"WORK", shop.work()}}));
  CHECK(shop.state() == before);
}

TEST_CASE("upload: which slot a file goes to") {
  const Started shop;
  for (const char* name : {"a.pkl", "b.json", "c=1.ckpt"}) shop.write(name, name);
  CHECK(shop.answer({"upload", "tokenizer=b.json", "model=a.pkl"}) ==
        "data://acme/sentiment/b.json\ndata://acme/sentiment/a.pkl");
  check_error(shop, {"upload", "a.pkl", "b.json"}, 2, "several files need slots each",
              "write SLOT=FILE for each of them");
  check_error(shop, {"upload", "x=a.pkl", "x=b.json"}, 2, "slot 'x' is given twice",
              "give each slot one file");
  check_error(shop, {"upload", "c=1.ckpt"}, 3, "there is no file '1.ckpt'",
              "what stands before '=' is a slot; to upload the file 'c=1.ckpt' write ./c=1.ckpt");
  CHECK(shop.answer({"upload", "./c=1.ckpt"}) == "data://acme/sentiment/c=1.ckpt");
  CHECK(shop.answer({"upload", "model=c=1.ckpt"}) == "data://acme/sentiment/c=1.ckpt");
  for (const char* command : {"upload", "release"}) {
    for (const bool dry : {false, true}) {
      Arguments arguments = {command, "To-Kenizer=a.pkl", "to_kenizer=b.json"};
      if (dry) arguments.push_back("--dry-run");
      check_error(shop, arguments, 2,
                  "slots 'To-Kenizer' and 'to_kenizer' share the environment variable "
                  "ALGOCTL_MODEL_TO_KENIZER",
                  "rename one of them");
    }
    check_error(shop, {command, "Tokenizer=a.pkl"}, 2,
                "slots 'tokenizer' and 'Tokenizer' share the environment variable "
                "ALGOCTL_MODEL_TOKENIZER",
                "rename one of them");
  }
}

TEST_CASE("upload: no slot named and none called model") {
  const Started shop;
  shop.write("a.pkl", "a");
  shop.answer({"upload", "weights=a.pkl"});
  check_error(shop, {"upload", "a.pkl"}, 2, "the manifest has no slot 'model' to point at the file",
              "name the slot: SLOT=FILE; there are: weights");
}

TEST_CASE("upload: a folder, each file under its path") {
  const Started shop;
  shop.write("bert/config.json", "{}");
  shop.write("bert/vocab/words.txt", "a b");
  for (const char* name : {"bert", "bert/"}) {
    CHECK(shop.answer({"upload", name}) ==
          "data://acme/sentiment/bert/config.json\ndata://acme/sentiment/bert/vocab/words.txt");
  }
  CHECK(shop.manifest().find(slot_line("config.json", "bert/config.json", "{}")) !=
        std::string::npos);
  CHECK(shop.manifest().find(slot_line("vocab/words.txt", "bert/vocab/words.txt", "a b")) !=
        std::string::npos);
  check_error(shop, {"upload", "model=bert"}, 2,
              "'bert' is a folder, but slot 'model' takes one file",
              "name a file, or leave the slot out: each file's path becomes its slot");
  check_error(shop, {"upload", "bert", "--as", "x"}, 2, "--as names one file",
              "upload the files one by one");
  fs::create_directory(shop.work() + "/empty");
  check_error(shop, {"upload", "empty"}, 2, "folder 'empty' has no files", "");
  CHECK(shop.answer({"upload", ".", "--algorithm", "acme/b", "--no-manifest"},
                    {.cwd = shop.work() + "/bert"}) ==
        "data://acme/b/bert/config.json\ndata://acme/b/bert/vocab/words.txt");
}

TEST_CASE("upload: --as and what is filled in") {
  const Started shop;
  shop.write("model.tar.gz", "bytes");
  const std::string sha = sha256_of("bytes").substr(0, 12);
  struct Row {
    const char* pattern;
    std::string label;
  };
  for (const auto& [pattern, label] :
       {Row{"plain.bin", "plain\\.bin"}, Row{"{stem}-{sha}{ext}", "model\\.tar-" + sha + "\\.gz"},
        Row{"m-{date}{ext}", "m-20\\d{6}\\.gz"}, Row{"m-{month}.x", "m-20\\d{4}\\.x"},
        Row{"sub/{sha}/m", "sub/" + sha + "/m"}}) {
    CAPTURE(pattern);
    const std::string uri = shop.answer({"upload", "model.tar.gz", "--as", pattern});
    CHECK(std::regex_match(uri, std::regex("data://acme/sentiment/" + label)));
  }
  check_error(shop, {"upload", "model.tar.gz", "--as", "{dat}"}, 2,
              "label '{dat}': unknown field 'dat'", "did you mean 'date'?");
  check_error(shop, {"upload", "model.tar.gz", "--as", "{date"}, 2,
              "label '{date': '{' without '}'", "fields are written as in {date}");
  check_error(shop, {"upload", "model.tar.gz", "--as", "{git}"}, 2,
              "{git} in a label needs a git commit, and there is none for '" + shop.work() + "'",
              "use {date} or {sha}, or commit first");
}

TEST_CASE("upload: a label with other bytes moves only with --replace, and --expect is heeded") {
  const Started shop;
  shop.write("m.pkl", "one");
  shop.answer({"upload", "m.pkl"});
  shop.write("m.pkl", "two!");
  const std::string now = "sha256:" + sha256_of("one");
  const std::string yours = "sha256:" + sha256_of("two!");
  check_error(
      shop, {"upload", "m.pkl"}, 4,
      "label 'm.pkl' already names other bytes\n  stored: " + now + " (TIME)\n  yours:  " + yours,
      "choose a new label with --as, or move this one with --replace");
  for (const std::string& expected : {std::string("none"), "sha256:" + sha256_of("three")}) {
    const auto result = shop.algoctl({"upload", "m.pkl", "--replace", "--expect", expected});
    CHECK(result.exit == 4);
    CHECK(without_times(result.err) ==
          error_text("label 'm.pkl' does not name what was expected\n  expected: " + expected +
                         "\n  now:      " + now + " (TIME)",
                     "look at what changed, then repeat with that --expect"));
  }
  const Arguments move = {"upload", "m.pkl", "--replace", "--expect", now};
  CHECK(shop.answer(move) == "data://acme/sentiment/m.pkl");
  CHECK(shop.answer(move) == "data://acme/sentiment/m.pkl");  // the answer was lost
  CHECK(shop.answer({"resolve", "data://acme/sentiment/m.pkl"}) == yours);
  shop.write("new.pkl", "new");
  CHECK(shop.answer({"upload", "new.pkl", "--expect", "none"}) == "data://acme/sentiment/new.pkl");
}

TEST_CASE("upload: a replaced label leaves published versions as they were") {
  const Started shop;
  shop.ship("m.pkl", "old");
  shop.write("m.pkl", "new");
  shop.answer({"upload", "m.pkl", "--replace"});
  CHECK(test::read(shop.answer({"pull", "acme/sentiment@1.0.0"})) == "old");
  CHECK(test::read(shop.answer({"pull", "data://acme/sentiment/m.pkl"})) == "new");
  CHECK(shop.answer({"publish"}) == "1.1.0");
}

TEST_CASE("upload: --no-manifest and --algorithm") {
  const Started shop;
  shop.write("m.pkl", "m");
  const std::string before = shop.manifest();
  const std::string json =
      R"({"schema":"algoctl.upload/v1","files":[{"slot":null,"uri":"data://acme/NAME/m.pkl",)"
      R"("label":"m.pkl","sha256":"SHA","size":1,"stored":STORED,"external":null}],"manifest":null})";
  const std::string sha = sha256_of("m");
  CHECK(shop.answer({"upload", "m.pkl", "--no-manifest", "--json"}) ==
        filled(json, {{"NAME", "sentiment"}, {"SHA", sha}, {"STORED", "true"}}));
  CHECK(shop.answer({"upload", "m.pkl", "--no-manifest", "--algorithm", "acme/b", "--json"}) ==
        filled(json, {{"NAME", "b"}, {"SHA", sha}, {"STORED", "false"}}));
  CHECK(shop.manifest() == before);
  check_error(shop, {"upload", "m.pkl", "--algorithm", "acme/b"}, 4,
              "'" + shop.work() +
                  "/algorithm.json' belongs to another algorithm\n  there: acme/sentiment\n"
                  "  yours: acme/b",
              "leave it as it is with --no-manifest");
  CHECK(shop.answer({"upload", "m.pkl", "--algorithm", "acme/sentiment"}) ==
        "data://acme/sentiment/m.pkl");
  CHECK(shop.manifest() != before);
}

TEST_CASE("upload: standard input and nothing at all") {
  const Started shop;
  CHECK(shop.answer({"upload", "-", "--as", "in.bin"}, {.input = "piped"}) ==
        "data://acme/sentiment/in.bin");
  CHECK(shop.answer({"resolve", "data://acme/sentiment/in.bin"}) == "sha256:" + sha256_of("piped"));
  check_error(shop, {"upload", "-"}, 2, "standard input has no name", "give it a label with --as");
  shop.write("empty", "");
  CHECK(shop.answer({"upload", "empty"}) == "data://acme/sentiment/empty");
  CHECK(test::read(shop.answer({"pull"})) == "");
}

TEST_CASE("upload: a closed standard input is no file without bytes") {
  const Started shop;
  const std::string before = shop.state();
  const auto result = shop.algoctl({"upload", "-", "--as", "x"}, {.close_stdin = true});
  CHECK(result.exit == 2);
  CHECK(result.err ==
        error_text("standard input is closed", "pipe the bytes in, or redirect a file"));
  CHECK(shop.state() == before);
  CHECK(shop.answer({"upload", "-", "--as", "x"}) == "data://acme/sentiment/x");
}

TEST_CASE("upload: a file's own name is no pattern") {
  const Started shop;
  for (const std::string name : {"{date}.pkl", "m-{sha}", "{nonsense}"}) {
    shop.write(name, "m");
    const auto result = shop.algoctl({"upload", name});
    CHECK(result.exit == 2);
    CHECK(result.err.find("algoctl: malformed label '" + name + "': ") == 0);
    CHECK(result.err.find("\n  hint: give it another label with --as\n") != std::string::npos);
  }
  CHECK(shop.answer({"upload", "{date}.pkl", "--as", "m{ext}"}) == "data://acme/sentiment/m.pkl");
}

TEST_CASE("upload: --dry-run answers and changes nothing") {
  const Started shop;
  shop.write("m.pkl", "m");
  const std::string before = shop.state();
  CHECK(shop.answer({"upload", "m.pkl", "--dry-run"}) == "data://acme/sentiment/m.pkl");
  CHECK(shop.answer({"init", "acme/other", "--dir", "n", "--dry-run"}) ==
        shop.work() + "/n/algorithm.json");
  CHECK(shop.state() == before);
  const Shop fresh;
  fresh.write("m.pkl", "m");
  const std::string empty = fresh.state();
  CHECK(fresh.answer({"init", "acme/sentiment", "--dry-run"}) == fresh.work() + "/algorithm.json");
  CHECK(fresh.answer({"upload", "m.pkl", "--algorithm", "a/b", "--dry-run"}) == "data://a/b/m.pkl");
  CHECK(fresh.state() == empty);
}

TEST_CASE("use: points slots at labels, and refuses what is not there") {
  const Started shop;
  shop.write("a.pkl", "a");
  shop.write("b.pkl", "bb");
  shop.answer({"upload", "a.pkl"});
  shop.answer({"upload", "b.pkl"});
  CHECK(shop.answer({"use", "model=a.pkl", "extra=b.pkl"}) ==
        "data://acme/sentiment/a.pkl\ndata://acme/sentiment/b.pkl");
  CHECK(shop.manifest().find(slot_line("model", "a.pkl", "a")) != std::string::npos);
  CHECK(shop.manifest().find(slot_line("extra", "b.pkl", "bb")) != std::string::npos);
  const std::string before = shop.state();
  CHECK(shop.answer({"use", "model=b.pkl", "--dry-run"}) == "data://acme/sentiment/b.pkl");
  CHECK(shop.state() == before);
  CHECK(shop.answer({"use", "model=b.pkl", "--json"}) ==
        R"({"schema":"algoctl.use/v1","uris":["data://acme/sentiment/b.pkl"],"manifest":")" +
            shop.work() + "/algorithm.json\"}");
  check_error(shop, {"use", "model=b.pk"}, 3, "algorithm 'acme/sentiment' has no label 'b.pk'",
              "did you mean 'b.pkl'?");
  check_error(shop, {"use"}, 2, "use takes SLOT=LABEL, or --from REF", "give one of the two");
  check_error(shop, {"use", "b.pkl"}, 2, "'b.pkl' names no slot",
              "write SLOT=LABEL, such as model=b.pkl");
  check_error(shop, {"use", "x=a.pkl", "x=b.pkl"}, 2, "slot 'x' is given twice", "give it once");
}

}  // namespace algoctl::test
