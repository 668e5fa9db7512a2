#include "store/source.h"

#include <doctest/doctest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <cstring>

#include "support/small_disk.h"
#include "unit/core/failure.h"
#include "unit/store/store_fixture.h"

namespace algoctl {
namespace {

using test::failure;
using test::TemporaryFolder;

std::string read_all(ObjectSource& source) {
  char buffer[7];  // smaller than what is read
  std::string bytes;
  for (;;) {
    const std::size_t got = source.read(buffer, sizeof buffer, nullptr);
    bytes.append(buffer, got);
    if (got < sizeof buffer) return bytes;
  }
}

}  // namespace

TEST_CASE("ObjectSource: refuses what is not a file, and says why") {
  const TemporaryFolder folder;
  const std::string pipe = folder / "pipe";
  const std::string socket_path = folder / "socket";
  REQUIRE(mkfifo(pipe.c_str(), 0600) == 0);
  const Fd socket(::socket(AF_UNIX, SOCK_STREAM, 0));
  struct sockaddr_un name {};
  name.sun_family = AF_UNIX;
  std::strncpy(name.sun_path, socket_path.c_str(), sizeof name.sun_path - 1);
  REQUIRE(bind(socket.get(), reinterpret_cast<struct sockaddr*>(&name), sizeof name) == 0);

  const std::string hint =
      ", not a regular file | to store what a program writes, pipe it in and name the file -";
  const auto open = [](const std::string& path) {
    return failure([&] { ObjectSource::open(path); });
  };
  CHECK(open(folder.path()) == "usage: '" + folder.path() + "' is a folder, not a file");
  CHECK(open(pipe) == "usage: '" + pipe + "' is a pipe" + hint);
  CHECK(open(socket_path) == "usage: '" + socket_path + "' is a socket" + hint);
  CHECK(open("/dev/zero") == "usage: '/dev/zero' is a device" + hint);
  CHECK(open(folder / "none") ==
        "not_found: no file '" + (folder / "none") + "' | check the path and the current folder");
}

TEST_CASE("ObjectSource: a file that may not be read") {
  if (geteuid() != 0) {
    MESSAGE("skipped: needs root");
    return;
  }
  const TemporaryFolder folder;
  const std::string path = folder.write("secret", "x");
  REQUIRE(chmod(folder.path().c_str(), 0755) == 0);
  REQUIRE(chmod(path.c_str(), 0600) == 0);
  const test::AsNobody nobody;
  CHECK(
      failure([&] { ObjectSource::open(path); }) ==
      "storage: cannot open '" + path +
          "': Permission denied | check the owner and the mode of it and of the folders above it");
}

TEST_CASE("ObjectSource: reads all of a file, and finds it unchanged") {
  const TemporaryFolder folder;
  for (const std::string& bytes : {std::string(), std::string("a"), std::string(14, 'x')}) {
    ObjectSource source = ObjectSource::open(folder.write("file", bytes));
    REQUIRE(source.stamp());
    CHECK(source.stamp()->size == static_cast<std::int64_t>(bytes.size()));
    CHECK(read_all(source) == bytes);
    source.require_unchanged(static_cast<std::int64_t>(bytes.size()));
  }
}

TEST_CASE("ObjectSource: a file that changes while it is read is refused") {
  const TemporaryFolder folder;
  const std::string path = folder / "file";
  struct Case {
    const char* what;
    void (*change)(const std::string& path);
  };
  for (const Case& c : {
           Case{"longer",
                [](const std::string& p) {
                  write_all(open_file(p, O_WRONLY | O_APPEND).get(), "x", p);
                }},
           Case{"shorter", [](const std::string& p) { REQUIRE(truncate(p.c_str(), 1) == 0); }},
           Case{"other bytes, old times",
                [](const std::string& p) {
                  const struct stat old = stat_if_there(p).value();
                  write_all(open_file(p, O_WRONLY).get(), "B", p);
                  const struct timespec times[2] = {old.st_atim, old.st_mtim};
                  REQUIRE(utimensat(AT_FDCWD, p.c_str(), times, 0) == 0);
                }},
           Case{"replaced", [](const std::string& p) { replace_file(p, "other bytes"); }},
       }) {
    CAPTURE(std::string(c.what));
    folder.write("file", "first bytes");
    test::settle(path);
    ObjectSource source = ObjectSource::open(path);
    CHECK(source.settled());
    c.change(path);
    CHECK(failure([&] { source.require_unchanged(11); }) ==
          "storage: '" + path +
              "' changed while it was read | try again once whatever writes it has finished");
  }
}

TEST_CASE("ObjectSource: an object's links may come and go, its bytes may not") {
  const TemporaryFolder folder;
  const std::string path = folder.write("object", "bytes");
  test::settle(path);
  ObjectSource object = ObjectSource::open(path, Watch::bytes);
  ObjectSource file = ObjectSource::open(path);
  REQUIRE(link(path.c_str(), (folder / "second").c_str()) == 0);
  object.require_unchanged(5);
  const std::string changed =
      "storage: '" + path +
      "' changed while it was read | try again once whatever writes it has finished";
  CHECK(failure([&] { file.require_unchanged(5); }) == changed);
  folder.write("object", "BYTES");
  CHECK(failure([&] { object.require_unchanged(5); }) == changed);
}

TEST_CASE("ObjectSource: a stream is read to its end, whatever comes in pieces") {
  int ends[2];
  REQUIRE(pipe(ends) == 0);
  const Fd in(ends[0]);
  Fd out(ends[1]);
  ObjectSource source = ObjectSource::stream(in.get(), "standard input");
  CHECK_FALSE(source.stamp());
  CHECK(source.name() == "standard input");
  write_all(out.get(), "some bytes", "pipe");
  out = Fd();
  CHECK(read_all(source) == "some bytes");
  source.require_unchanged(10);
}

TEST_CASE("ObjectSource: a file redirected to standard input is watched like one that was named") {
  const TemporaryFolder folder;
  const std::string path = folder.write("file", "0123456789");
  const Fd fd = open_file(path, O_RDONLY);
  ObjectSource whole = ObjectSource::stream(fd.get(), "standard input");
  REQUIRE(whole.stamp());
  CHECK(read_all(whole) == "0123456789");

  REQUIRE(lseek(fd.get(), 4, SEEK_SET) == 4);
  ObjectSource rest = ObjectSource::stream(fd.get(), "standard input");
  CHECK_FALSE(rest.stamp());
  CHECK(read_all(rest) == "456789");
}

TEST_CASE("ObjectSource: a stop is heard, also while nothing comes") {
  int ends[2];
  REQUIRE(pipe(ends) == 0);
  const Fd in(ends[0]);
  const Fd out(ends[1]);
  ObjectSource source = ObjectSource::stream(in.get(), "standard input");
  const std::atomic<bool> stop = true;
  char byte = 0;
  CHECK(failure([&] { source.read(&byte, 1, &stop); }) == "interrupted: interrupted");
}

TEST_CASE("ObjectSource: a stream that cannot be read is named") {
  const TemporaryFolder folder;
  const Fd fd = open_file(folder.path(), O_RDONLY | O_DIRECTORY);
  ObjectSource source = ObjectSource::stream(fd.get(), "standard input");
  char byte = 0;
  CHECK(failure([&] { source.read(&byte, 1, nullptr); }) ==
        "storage: cannot read standard input: Is a directory");
}

}  // namespace algoctl
