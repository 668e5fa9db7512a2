#include "store/store.h"

#include <doctest/doctest.h>

#include <filesystem>

#include "store/store_url.h"
#include "support/temporary_folder.h"
#include "unit/core/failure.h"

namespace algoctl {
namespace {

using test::failure;
using test::TemporaryFolder;

}  // namespace

TEST_CASE("scheme_of: a URL, or a path") {
  struct Case {
    const char* url;
    const char* scheme;
  };
  for (const Case& c :
       {Case{"file:///srv", "file"}, Case{"FILE:/srv", "file"}, Case{"s3://bucket/x", "s3"},
        Case{"git+ssh://h", "git+ssh"}, Case{"/srv/a:b", ""}, Case{"./s3:x", ""}, Case{"store", ""},
        Case{"c:store", ""}, Case{"3d:x", ""}, Case{":x", ""}, Case{"", ""}}) {
    CAPTURE(std::string(c.url));
    CHECK(scheme_of(c.url) == c.scheme);
  }
}

TEST_CASE("file_url: any path comes back from its URL") {
  struct Case {
    const char* path;
    const char* url;
  };
  for (const Case& c : {Case{"/srv/store", "file:///srv/store"}, Case{"/", "file:///"},
                        Case{"/a b", "file:///a%20b"}, Case{"/100%", "file:///100%25"},
                        Case{"/ö?#", "file:///%c3%b6%3f%23"}}) {
    CAPTURE(std::string(c.path));
    CHECK(file_url(c.path) == c.url);
    CHECK(path_of_file_url(c.url) == c.path);
  }
  CHECK(path_of_file_url("file:/srv/store") == "/srv/store");
  CHECK(path_of_file_url("file:store") == "store");
  CHECK(path_of_file_url("FILE://localhost/srv") == "/srv");
  CHECK(path_of_file_url("file:///%C3%B6") == "/ö");
}

TEST_CASE("path_of_file_url: refuses what is not this machine's, or not well written") {
  struct Case {
    const char* url;
    const char* text;
  };
  for (const Case& c : {
           Case{"file://host/srv",
                "usage: 'file://host/srv' names another host | write file:///PATH, with three "
                "slashes"},
           Case{"file://srv",
                "usage: 'file://srv' names another host | write file:///PATH, with three slashes"},
           Case{"file:", "usage: 'file:' names no folder | write file:///PATH"},
           Case{"file:///a%2", "usage: malformed URL 'file:///a%2' | write % as %25"},
           Case{"file:///a%zz", "usage: malformed URL 'file:///a%zz' | write % as %25"},
           Case{"file:///a%00", "usage: malformed URL 'file:///a%00' | write % as %25"},
       }) {
    CHECK(failure([&] { path_of_file_url(c.url); }) == c.text);
  }
}

TEST_CASE("open_store: by path and by URL it is the same store") {
  const TemporaryFolder folder;
  const auto made = create_store(folder / "a b", "owner", {});
  CHECK(made->url() == file_url(folder / "a b"));
  CHECK(open_store(folder / "a b", {})->id() == made->id());
  CHECK(open_store(made->url(), {})->id() == made->id());
  CHECK(create_store(made->url(), "another", {})->id() == made->id());
}

TEST_CASE("find_store: one that is there, or none") {
  const TemporaryFolder folder;
  CHECK(find_store(folder / "store", {}) == nullptr);
  CHECK_FALSE(std::filesystem::exists(folder / "store"));
  const auto made = create_store(folder / "store", "owner", {});
  CHECK(find_store(folder / "store", {})->id() == made->id());
}

TEST_CASE("link: a folder gives none") {
  const TemporaryFolder folder;
  const auto store = create_store(folder / "store", "owner", {});
  CHECK(failure([&] { (void)store->link(Digest::of("x"), std::chrono::hours(1)); }) ==
        "usage: store " + store->url() +
            " gives no links | a store behind a server does: s3, gs, azure, https; `algoctl pull` "
            "prints paths");
}

TEST_CASE("open_store: an unknown scheme is refused without showing what may be secret") {
  CHECK(
      failure([] { open_store("gopher://user:password@host/x", {}); }) ==
      "usage: no kind of store has URLs that begin with 'gopher:' | write the path of a folder or "
      "file:///PATH or s3://BUCKET/PREFIX or gs://BUCKET/PREFIX or "
      "azure://ACCOUNT/CONTAINER/PREFIX "
      "or https://HOST/PREFIX or http://HOST/PREFIX");
  CHECK(failure([] { create_store("", "owner", {}); }) ==
        "usage: the store is named by an empty text");
}

}  // namespace algoctl
