#include "base/file.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <thread>
#include <vector>

#include "support/small_disk.h"
#include "unit/base/file_fixture.h"
#include "unit/core/failure.h"

namespace algoctl {

using test::entries_in;
using test::failure;
using test::mode_of;
using test::TemporaryFolder;
using test::Umask;

TEST_CASE("throw_errno: says what to do") {
  struct Case {
    int error;
    const char* text;
  };
  for (
      const Case& c : {
          Case{ENOSPC,
               "storage: cannot write 'x': No space left on device | free some space on the disk, "
               "or "
               "choose another place"},
          Case{
              EDQUOT,
              "storage: cannot write 'x': Disk quota exceeded | free some space: the disk quota is "
              "used up"},
          Case{EROFS,
               "storage: cannot write 'x': Read-only file system | the file system is mounted "
               "read-only: choose another place, or remount it"},
          Case{EACCES,
               "storage: cannot write 'x': Permission denied | check the owner and the mode of it "
               "and "
               "of the folders above it"},
          Case{EPERM,
               "storage: cannot write 'x': Operation not permitted | check the owner and the mode "
               "of "
               "it and of the folders above it"},
          Case{ENAMETOOLONG,
               "storage: cannot write 'x': File name too long | choose a shorter path"},
          Case{ELOOP,
               "storage: cannot write 'x': Too many levels of symbolic links | a symbolic link on "
               "the "
               "way leads back to itself, or may not be followed"},
          Case{
              EIO,
              "storage: cannot write 'x': Input/output error | the disk reports a failure: see the "
              "log of the system"},
          Case{
              EMFILE,
              "storage: cannot write 'x': Too many open files | too many files are open: raise the "
              "limit (ulimit -n)"},
          Case{ESTALE, "storage: cannot write 'x': Stale file handle"},
      }) {
    CHECK(failure([&] { throw_errno("cannot write 'x'", c.error); }) == c.text);
  }
}

TEST_CASE("Fd: closes once, also after a move") {
  const TemporaryFolder folder;
  const std::string path = folder.write("file", "x");
  int number = -1;
  {
    Fd first = open_file(path, O_RDONLY);
    number = first.get();
    CHECK((fcntl(number, F_GETFD) & FD_CLOEXEC) != 0);
    const Fd second(std::move(first));
    CHECK(fcntl(number, F_GETFD) >= 0);
  }
  CHECK(fcntl(number, F_GETFD) == -1);
}

TEST_CASE("open_file: names the file that it cannot open") {
  CHECK(failure([] { open_file("/not/there", O_RDONLY); }) ==
        "storage: cannot open '/not/there': No such file or directory");
}

TEST_CASE("stat_if_there: absence is not a failure, a failure is not absence") {
  const TemporaryFolder folder;
  CHECK(stat_if_there(folder.write("file", "abc"))->st_size == 3);
  CHECK_FALSE(stat_if_there(folder / "none"));
  CHECK_FALSE(stat_if_there(folder / "file/below"));
  REQUIRE(symlink("loop", (folder / "loop").c_str()) == 0);
  CHECK(
      failure([&] { stat_if_there(folder / "loop"); }) ==
      "storage: cannot look at '" + (folder / "loop") +
          "': Too many levels of symbolic links | a symbolic link on the way leads back to itself, "
          "or may not be followed");
}

TEST_CASE("read_file: the whole file, or nothing, or why not") {
  const TemporaryFolder folder;
  const std::string path = folder.write("file", std::string("a\0b", 3));
  CHECK(read_file(path, 3) == std::string("a\0b", 3));
  CHECK(read_file(folder.write("empty", ""), 0) == "");
  CHECK_FALSE(read_file(folder / "none", 10));
  CHECK(failure([&] { read_file(path, 2); }) == "usage: '" + path + "' has more than 2 bytes");
  CHECK(failure([&] { read_file(folder.path(), 10); }) ==
        "usage: '" + folder.path() + "' is a folder, not a file");
  const std::string big(200000, 'x');
  CHECK(read_file(folder.write("big", big), 200000) == big);
}

TEST_CASE("read_file: does not wait for who writes to a named pipe; reads one without a name") {
  const TemporaryFolder folder;
  const std::string path = folder / "pipe";
  REQUIRE(mkfifo(path.c_str(), 0600) == 0);
  CHECK(failure([&] { read_file(path, 10); }) ==
        "usage: '" + path + "' is a named pipe, not a file");
  CHECK(read_file("/dev/null", 10) == "");
  int ends[2] = {-1, -1};
  REQUIRE(::pipe(ends) == 0);
  const Fd reader(ends[0]);
  {
    const Fd writer(ends[1]);
    write_all(writer.get(), "bytes", "pipe");
  }
  CHECK(read_file("/dev/fd/" + std::to_string(reader.get()), 10) == "bytes");
}

TEST_CASE("write_all: goes on after short writes") {
  int ends[2];
  REQUIRE(pipe(ends) == 0);
  const Fd in(ends[0]);
  Fd out(ends[1]);
  const std::string bytes(1 << 20, 'x');  // many times what a pipe holds
  std::thread writer([&] {
    write_all(out.get(), bytes, "pipe");
    out = Fd();
  });
  std::string got;
  char buffer[4096];
  for (ssize_t size = 0; (size = read(in.get(), buffer, sizeof buffer)) > 0;) {
    got.append(buffer, static_cast<std::size_t>(size));
  }
  writer.join();
  CHECK(got == bytes);
  CHECK(failure([&] { write_all(in.get(), "x", "pipe"); }) ==
        "storage: cannot write 'pipe': Bad file descriptor");
}

TEST_CASE("sync_file and sync_folder: say when there is nothing to sync") {
  const TemporaryFolder folder;
  sync_folder(folder.path());
  CHECK(failure([] { sync_file(-1, "x"); }) == "storage: cannot write 'x': Bad file descriptor");
  CHECK(failure([&] { sync_folder(folder / "none"); }) ==
        "storage: cannot open '" + (folder / "none") + "': No such file or directory");
}

TEST_CASE("replace_file: a new file takes the bits of its folder, less the umask") {
  const TemporaryFolder folder;
  struct Case {
    mode_t folder;
    mode_t mask;
    mode_t file;
  };
  for (const Case& c : {Case{0700, 0022, 0600}, Case{0755, 0022, 0644}, Case{0755, 0077, 0600},
                        Case{01777, 0, 0644}, Case{0775, 0002, 0644}, Case{02775, 0077, 0664},
                        Case{02770, 0022, 0660}, Case{02750, 0022, 0640}}) {
    CAPTURE(c.folder);
    const Umask umask(c.mask);
    REQUIRE(chmod(folder.path().c_str(), c.folder) == 0);
    replace_file(folder / "file", "new");
    CHECK(mode_of(folder / "file") == c.file);
    CHECK(test::read(folder / "file") == "new");
    REQUIRE(unlink((folder / "file").c_str()) == 0);
    CHECK(entries_in(folder.path()) == 0);
  }
}

TEST_CASE("replace_file: an old file gives its mode, and a reader of it keeps the old bytes") {
  const TemporaryFolder folder;
  const std::string path = folder.write("file", "old");
  for (const mode_t mode : {0600, 0640, 0664, 0755, 0444}) {
    REQUIRE(chmod(path.c_str(), mode) == 0);
    replace_file(path, "next");
    CHECK(mode_of(path) == mode);
  }
  const Fd reader = open_file(path, O_RDONLY);
  replace_file(path, "last");
  char bytes[4];
  REQUIRE(read(reader.get(), bytes, 4) == 4);
  CHECK(std::string(bytes, 4) == "next");
  CHECK(test::read(path) == "last");
}

TEST_CASE("replace_file: keeps the owner, where it may") {
  if (geteuid() != 0) {
    MESSAGE("skipped: needs root");
    return;
  }
  const TemporaryFolder folder;
  const std::string path = folder.write("file", "old");
  REQUIRE(chown(path.c_str(), 1234, 2345) == 0);
  replace_file(path, "new");
  CHECK(stat_if_there(path)->st_uid == 1234);
  CHECK(stat_if_there(path)->st_gid == 2345);
}

TEST_CASE("replace_file: follows symbolic links to their end, there or not") {
  const TemporaryFolder folder;
  folder.write("real/file", "old");
  REQUIRE(symlink("real/file", (folder / "link").c_str()) == 0);
  REQUIRE(symlink((folder / "link").c_str(), (folder / "second").c_str()) == 0);
  replace_file(folder / "second", "new");
  CHECK(test::read(folder / "real/file") == "new");
  CHECK(std::filesystem::is_symlink(folder / "second"));

  REQUIRE(symlink("real/absent", (folder / "dangling").c_str()) == 0);
  replace_file(folder / "dangling", "made");
  CHECK(test::read(folder / "real/absent") == "made");
}

TEST_CASE("replace_file: refuses what is not a file, and leaves it") {
  const TemporaryFolder folder;
  CHECK(failure([&] { replace_file(folder.path(), "x"); }) ==
        "storage: cannot replace '" + folder.path() + "': it is not a regular file");
  REQUIRE(mkfifo((folder / "pipe").c_str(), 0600) == 0);
  CHECK(failure([&] { replace_file(folder / "pipe", "x"); }) ==
        "storage: cannot replace '" + (folder / "pipe") + "': it is not a regular file");
  CHECK(failure([&] { replace_file(folder / "none/file", "x"); }) ==
        "storage: cannot look at '" + (folder / "none") + "': No such file or directory");
  REQUIRE(symlink("loop", (folder / "loop").c_str()) == 0);
  CHECK(
      failure([&] { replace_file(folder / "loop", "x"); }) ==
      "storage: cannot follow '" + (folder / "loop") +
          "': Too many levels of symbolic links | a symbolic link on the way leads back to itself, "
          "or may not be followed");
}

TEST_CASE("replace_file: takes away what a killed process left, and spares a live one's file") {
  const TemporaryFolder folder;
  const std::string left = folder.write(".file.algoctl-tmp", "half of it");
  replace_file(folder / "file", "new");
  CHECK_FALSE(stat_if_there(left));
  CHECK(entries_in(folder.path()) == 1);

  folder.write(".file.algoctl-tmp", "half of it");
  const Fd live = open_file(left, O_RDWR);
  REQUIRE(flock(live.get(), LOCK_EX) == 0);
  replace_file(folder / "file", "newer");
  CHECK(test::read(folder / "file") == "newer");
  CHECK(test::read(left) == "half of it");
  CHECK(entries_in(folder.path()) == 2);
}

TEST_CASE("replace_file: a link that was laid in its way is not followed") {
  const TemporaryFolder folder;
  folder.write("victim", "precious");
  REQUIRE(symlink("victim", (folder / ".file.algoctl-tmp").c_str()) == 0);
  replace_file(folder / "file", "new");
  CHECK(test::read(folder / "victim") == "precious");
  CHECK(test::read(folder / "file") == "new");
}

TEST_CASE("replace_file: names of 255 bytes are no trouble") {
  const TemporaryFolder folder;
  const std::string name(255, 'n');
  replace_file(folder / name, "new");
  CHECK(test::read(folder / name) == "new");
}

TEST_CASE("replace_file: many at once leave one of their texts, whole, and nothing else") {
  const TemporaryFolder folder;
  const std::string path = folder / "file";
  std::vector<std::thread> writers;
  for (char c = 'a'; c < 'e'; ++c) {
    writers.emplace_back([&path, c] {
      for (int i = 0; i < 25; ++i) replace_file(path, std::string(5000, c));
    });
  }
  for (std::thread& writer : writers) writer.join();
  const std::string bytes = test::read(path);
  CHECK(bytes == std::string(5000, bytes[0]));
  CHECK(entries_in(folder.path()) == 1);
}

TEST_CASE("replace_file: a full disk loses neither the old file nor leaves anything") {
  const test::SmallDisk disk("size=64k");
  if (!disk) {
    MESSAGE("skipped: no small disk here");
    return;
  }
  replace_file(disk / "file", "old");
  CHECK(failure([&] { replace_file(disk / "file", std::string(100000, 'x')); }) ==
        "storage: cannot write '" + (disk / "file") +
            "': No space left on device | free some space on the disk, or choose another place");
  CHECK(test::read(disk / "file") == "old");
  CHECK(entries_in(disk.path()) == 1);
}

}  // namespace algoctl
