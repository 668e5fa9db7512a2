#include <doctest/doctest.h>

#include <filesystem>
#include <thread>

#include "unit/client/shelf.h"
#include "unit/core/failure.h"

using namespace algoctl;
using test::failure;
using test::Shelf;

TEST_CASE("publish: a manifest that says the same is the version that is there") {
  Shelf shelf;
  CHECK(shelf.ship("january") == "1.0.0");
  const PublishResult again = shelf.client.publish(shelf.publishing());
  CHECK(again.version.str() == "1.0.0");
  CHECK_FALSE(again.created);
  CHECK(shelf.ship("february") == "1.1.0");
}

TEST_CASE("publish: the working copy's version follows, and is never lowered") {
  Shelf shelf;
  shelf.ship("january");
  CHECK(Manifest::parse(test::read(shelf.manifest), "m").version->str() == "1.0.0");
  const std::string january = test::read(shelf.manifest);
  shelf.ship("february");
  const std::string february = test::read(shelf.manifest);
  CHECK(Manifest::parse(february, "m").version->str() == "1.1.0");
  // An old checkout that changed nothing repeats what it was made from: its own answer may be lost.
  shelf.folder.write("work/algorithm.json", january);
  CHECK(shelf.client.publish(shelf.publishing()).version.str() == "1.0.0");
  CHECK(test::read(shelf.manifest) == january);
}

TEST_CASE(
    "publish: what was published after the copy was made is found, others in between or not") {
  Shelf shelf;
  shelf.upload("january", "january.pkl");
  const std::string unpublished = test::read(shelf.manifest);
  CHECK(shelf.client.publish(shelf.publishing()).created);
  shelf.ship("february");
  // The first publish's answer was lost before its number reached the copy.
  shelf.folder.write("work/algorithm.json", unpublished);
  const PublishResult again = shelf.client.publish(shelf.publishing());
  CHECK(again.version.str() == "1.0.0");
  CHECK_FALSE(again.created);
}

TEST_CASE("publish: going back to old bytes on purpose is a new version") {
  Shelf shelf;
  shelf.ship("january");
  shelf.ship("february");
  UseOptions use;
  use.manifest = shelf.manifest;
  use.slots = {{Slot::parse("model"), Label::parse("january.pkl")}};
  CHECK(shelf.client.use(use).uris ==
        std::vector<std::string>{"data://acme/sentiment/january.pkl"});
  const PublishResult back = shelf.client.publish(shelf.publishing());
  CHECK(back.version.str() == "1.2.0");
  CHECK(back.created);
}

TEST_CASE("publish: a plain one after a prerelease releases it, with the same bytes") {
  Shelf shelf;
  shelf.upload("january", "january.pkl");
  PublishOptions candidate = shelf.publishing();
  candidate.prerelease = "rc";
  CHECK(shelf.client.publish(candidate).version.str() == "1.0.0-rc.1");
  CHECK_FALSE(shelf.client.publish(candidate).created);
  shelf.upload("better", "better.pkl");
  CHECK(shelf.client.publish(candidate).version.str() == "1.0.0-rc.2");
  CHECK_FALSE(shelf.client.resolve(shelf.ref("latest")));
  CHECK(shelf.client.publish(shelf.publishing()).version.str() == "1.0.0");
  CHECK(shelf.client.resolve(shelf.ref("latest"))->version.str() == "1.0.0");
}

TEST_CASE("publish: --expect is compare-and-set that survives a lost answer") {
  Shelf shelf;
  shelf.upload("january", "january.pkl");
  PublishOptions first = shelf.publishing();
  first.expect = ExpectedVersion::parse("none");
  CHECK(shelf.client.publish(first).created);
  CHECK_FALSE(shelf.client.publish(first).created);
  shelf.upload("february", "february.pkl");
  CHECK(
      failure([&] { shelf.client.publish(first); }) ==
      "conflict: the newest version is not the expected one\n  expected: none\n  newest:   1.0.0 | "
      "look at what was published, then repeat with that --expect");
  first.expect = ExpectedVersion::parse("1.0.0");
  CHECK(shelf.client.publish(first).version.str() == "1.1.0");
  CHECK(shelf.client.publish(first).version.str() == "1.1.0");
  first.allow_duplicate = true;
  CHECK_FALSE(shelf.client.publish(first).created);
}

TEST_CASE("publish: a number is taken once") {
  Shelf shelf;
  shelf.upload("january", "january.pkl");
  PublishOptions numbered = shelf.publishing();
  numbered.version = Version::parse("3.1.4");
  CHECK(shelf.client.publish(numbered).created);
  CHECK_FALSE(shelf.client.publish(numbered).created);
  numbered.allow_duplicate = true;
  CHECK(failure([&] { shelf.client.publish(numbered); }) ==
        "conflict: version 3.1.4 of 'acme/sentiment' is taken | a published version never changes; "
        "choose another number");
  numbered.allow_duplicate = false;
  shelf.upload("february", "february.pkl");
  CHECK(failure([&] { shelf.client.publish(numbered); }) ==
        "conflict: version 3.1.4 of 'acme/sentiment' is taken by another manifest | a published "
        "version never changes; choose another number");
}

TEST_CASE("publish: a fix goes on its line, and latest stays") {
  Shelf shelf;
  shelf.ship("january");
  shelf.ship("february");
  shelf.upload("january fixed", "fixed.pkl");
  PublishOptions fix = shelf.publishing();
  fix.line = Line::parse("1.0");
  CHECK(shelf.client.publish(fix).version.str() == "1.0.1");
  CHECK_FALSE(shelf.client.publish(fix).created);
  CHECK(shelf.client.resolve(shelf.ref("latest"))->version.str() == "1.1.0");
  CHECK(shelf.client.resolve(shelf.ref("~1.0"))->version.str() == "1.0.1");
  fix.line = Line::parse("7.7");
  CHECK(
      failure([&] { shelf.client.publish(fix); }) ==
      "not_found: there is no version on line 7.7 | publish the first one without --line, or with "
      "--version");
}

TEST_CASE("publish: options that contradict each other are refused") {
  PublishOptions options;
  Shelf shelf;
  shelf.upload("january", "january.pkl");
  struct Case {
    std::function<void(PublishOptions&)> set;
    const char* says;
  };
  for (const Case& c : {
           Case{
               [](PublishOptions& o) { o.version = Version::parse("1.0.0"), o.bump = Bump::major; },
               "usage: --version names the whole number | leave out --bump, --pre and --line"},
           Case{[](PublishOptions& o) {
                  o.line = Line{1, 2}, o.bump = Bump::minor;
                },
                "usage: --line takes the next patch of its line | leave out --bump, or use --bump "
                "patch"},
           Case{[](PublishOptions& o) { o.prerelease = "7"; },
                "usage: malformed prerelease name '7' in --pre | write one word of letters, digits "
                "and "
                "'-', such as rc"},
           Case{[](PublishOptions& o) { o.metadata[""] = "x"; },
                "usage: --meta has no key: '=x' | write --meta KEY=VALUE"},
       }) {
    options = shelf.publishing();
    c.set(options);
    CHECK(failure([&] { shelf.client.publish(options); }) == c.says);
  }
  for (const char* bad : {"", "1", "1.2.3", "1.x", "v1.2", "-1.2", "1.02", "a.b", "1.2-rc"}) {
    CAPTURE(bad);
    CHECK(failure([&] { Line::parse(bad); }).substr(0, 21) == "usage: malformed line");
  }
}

TEST_CASE("publish: a key gives its answer for ever, and only to the same request") {
  Shelf shelf;
  shelf.upload("january", "january.pkl");
  PublishOptions run = shelf.publishing();
  run.idempotency_key = "run-1";
  CHECK(shelf.client.publish(run).version.str() == "1.0.0");
  shelf.ship("february");
  UseOptions use;
  use.manifest = shelf.manifest;
  use.slots = {{Slot::parse("model"), Label::parse("january.pkl")}};
  shelf.client.use(use);
  const PublishResult again = shelf.client.publish(run);
  CHECK(again.version.str() == "1.0.0");
  CHECK(again.created);
  run.notes = "other words";
  CHECK(failure([&] { shelf.client.publish(run); }).substr(0, 9) == "conflict:");
}

TEST_CASE("publish: a stale copy is refused, refreshed or overridden") {
  Shelf shelf;
  shelf.upload("january", "january.pkl");
  shelf.upload("words", "words.txt", "tokenizer");
  shelf.client.publish(shelf.publishing());
  const std::string checkout = test::read(shelf.manifest);
  shelf.upload("new words", "new-words.txt", "tokenizer");
  shelf.client.publish(shelf.publishing());
  shelf.folder.write("work/algorithm.json", checkout);
  shelf.upload("february", "february.pkl");
  CHECK(failure([&] { shelf.client.publish(shelf.publishing()); }) ==
        "conflict: the working copy is stale: 1.1.0 has other bytes in slot 'tokenizer', which did "
        "not "
        "change here | refresh it with `algoctl use --from 1.1.0`, or override with --force");
  SUBCASE("refreshed") {
    UseOptions use;
    use.manifest = shelf.manifest;
    use.from = "latest";
    CHECK(shelf.client.use(use).uris ==
          std::vector<std::string>{"data://acme/sentiment/february.pkl",
                                   "data://acme/sentiment/new-words.txt"});
    CHECK(shelf.client.publish(shelf.publishing()).version.str() == "1.2.0");
  }
  SUBCASE("overridden") {
    PublishOptions force = shelf.publishing();
    force.force = true;
    CHECK(shelf.client.publish(force).version.str() == "1.2.0");
  }
}

TEST_CASE("use: slots that went upstream go here, those changed on both sides are a conflict") {
  Shelf shelf;
  shelf.upload("january", "january.pkl");
  shelf.upload("words", "words.txt", "tokenizer");
  shelf.client.publish(shelf.publishing());
  const std::string checkout = test::read(shelf.manifest);
  shelf.folder.write(
      "work/algorithm.json",
      R"({"schema": "algoctl.manifest/v1", "name": "acme/sentiment", "version": "1.0.0"})");
  shelf.upload("february", "february.pkl");
  PublishOptions force = shelf.publishing();
  force.force = true;
  shelf.client.publish(force);
  shelf.folder.write("work/algorithm.json", checkout);
  UseOptions use;
  use.manifest = shelf.manifest;
  use.from = "@^1";
  CHECK(shelf.client.use(use).uris ==
        std::vector<std::string>{"data://acme/sentiment/february.pkl"});
  CHECK(Manifest::parse(test::read(shelf.manifest), "m").models.size() == 1);

  shelf.folder.write("work/algorithm.json", checkout);
  shelf.upload("mine", "mine.pkl");
  CHECK(failure([&] { shelf.client.use(use); }) ==
        "conflict: changed here and in 1.1.0: slot 'model' | choose one with `algoctl use "
        "SLOT=LABEL`, "
        "or publish yours with --force");
}

TEST_CASE("publish: bytes before pointers, and only bytes that the label named") {
  Shelf shelf;
  shelf.upload("january", "january.pkl");
  const std::string text = test::read(shelf.manifest);
  const std::string known = Digest::of("january").hex();
  const auto with = [&](const std::string& from, const std::string& to) {
    std::string changed = text;
    changed.replace(changed.find(from), from.size(), to);
    shelf.folder.write("work/algorithm.json", changed);
    return failure([&] { shelf.client.publish(shelf.publishing()); });
  };
  CHECK(with(known, Digest::of("nothing").hex()) ==
        "integrity: slot 'model': object " + Digest::of("nothing").str() +
            " is not in the store | upload the file again");
  CHECK(with("january.pkl", "januar.pkl") ==
        "not_found: slot 'model': algorithm 'acme/sentiment' has no label 'januar.pkl' | did you "
        "mean "
        "'january.pkl'?");
  shelf.folder.write("work/algorithm.json", text);
  shelf.upload("february", "february.pkl", "other");
  CHECK(with("january.pkl", "february.pkl").substr(0, 80) ==
        "integrity: slot 'model': the manifest's bytes are none that label 'february.pkl'");
  shelf.folder.write(
      "work/algorithm.json",
      R"({"schema": "algoctl.manifest/v1", "name": "acme/sentiment", "models": {}})");
  CHECK(failure([&] { shelf.client.publish(shelf.publishing()); }) ==
        "usage: " + shelf.manifest +
            ": there is nothing to publish: the manifest has no slots | fill one with `algoctl "
            "upload "
            "FILE`");
}

TEST_CASE("publish: an object that is damaged, of the right size, is refused") {
  Shelf shelf;
  shelf.upload("january", "january.pkl");
  const std::string hex = Digest::of("january").hex();
  const std::string object = "home/store/objects/sha256/" + hex.substr(0, 2) + "/" + hex;
  std::filesystem::remove(shelf.folder / object);
  shelf.folder.write(object, "januarx");
  for (const bool dry_run : {true, false}) {
    PublishOptions options = shelf.publishing();
    options.dry_run = dry_run;
    CHECK(failure([&] { shelf.client.publish(options); }) ==
          "integrity: slot 'model': '" + (shelf.folder / object) + "' is damaged\n  expected: " +
              Digest::of("january").str() + "\n  found:    " + Digest::of("januarx").str() +
              " | upload the file again, or bring it back from a copy: the same bytes mend it");
  }
  CHECK_FALSE(shelf.client.resolve(shelf.ref("latest")));
  shelf.upload("january", "january.pkl");  // mends it
  CHECK(shelf.client.publish(shelf.publishing()).created);
}

TEST_CASE("publish: a name that nobody made is a slip, in a dry run or not") {
  Shelf shelf;
  shelf.upload("january", "january.pkl");
  std::string text = test::read(shelf.manifest);
  const std::string name = "\"name\": \"acme/sentiment\"";
  text.replace(text.find(name), name.size(), "\"name\": \"acme/sentimant\"");
  shelf.folder.write("work/algorithm.json", text);
  for (const bool dry_run : {true, false}) {
    PublishOptions options = shelf.publishing();
    options.dry_run = dry_run;
    CHECK(failure([&] { shelf.client.publish(options); }) ==
          "not_found: there is no algorithm 'acme/sentimant' | did you mean 'acme/sentiment'?");
  }
  CHECK(shelf.client.algorithms().size() == 1);
}

TEST_CASE("publish: eight clients at once get eight numbers") {
  Shelf shelf;
  shelf.ship("first");
  std::vector<std::thread> threads;
  std::vector<std::string> numbers(8);
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    threads.emplace_back([&, i] {
      Client client(shelf.options());
      const std::string work = shelf.folder / ("work" + std::to_string(i));
      PublishOptions publish;
      publish.manifest = client.init(shelf.name, work);
      UploadOptions upload;
      upload.manifest = publish.manifest;
      upload.files = {
          {shelf.folder.write("in/" + std::to_string(i), std::to_string(i)), std::nullopt}};
      client.upload(upload);
      numbers[i] = client.publish(publish).version.str();
    });
  }
  for (auto& thread : threads) thread.join();
  std::sort(numbers.begin(), numbers.end());
  CHECK(numbers == std::vector<std::string>{"1.1.0", "1.2.0", "1.3.0", "1.4.0", "1.5.0", "1.6.0",
                                            "1.7.0", "1.8.0"});
}
