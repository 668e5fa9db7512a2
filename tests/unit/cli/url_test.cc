#include "url.h"

#include <doctest/doctest.h>

namespace algoctl::cli {

TEST_CASE("strip_credentials: what may be shown and recorded") {
  struct Case {
    const char* url;
    const char* want;
  };
  for (const Case& c : {
           Case{"https://github.com/acme/sentiment.git", "https://github.com/acme/sentiment.git"},
           Case{"https://ada:secret@github.com/acme/x", "https://github.com/acme/x"},
           Case{"https://token@github.com/acme/x", "https://github.com/acme/x"},
           Case{"https://ada:se@cret@github.com/acme/x", "https://github.com/acme/x"},
           Case{"https://@github.com/x", "https://github.com/x"},
           Case{"https://github.com/a@b/x", "https://github.com/a@b/x"},
           Case{"https://github.com/x?access_token=secret", "https://github.com/x"},
           Case{"https://ada:secret@host?token=x", "https://host"},
           Case{"ssh://git@github.com/acme/x", "ssh://git@github.com/acme/x"},
           Case{"ssh://git:secret@github.com:22/acme/x", "ssh://git@github.com:22/acme/x"},
           Case{"git+ssh://git:secret@host/x", "git+ssh://git@host/x"},
           Case{"git@github.com:acme/x.git", "git@github.com:acme/x.git"},
           Case{"postgres://u:p@db:5432/models?sslmode=require", "postgres://db:5432/models"},
           Case{"s3://bucket/prefix", "s3://bucket/prefix"},
           Case{"/srv/git/x.git", "/srv/git/x.git"},
           Case{"../x?y", "../x?y"},
           Case{"sqlite:/srv/r.db", "sqlite:/srv/r.db"},
           Case{"https://", "https://"},
           Case{"", ""},
       }) {
    CAPTURE(c.url);
    CHECK(strip_credentials(c.url) == c.want);
  }
}

TEST_CASE("has_password: only what is secret") {
  for (const char* url : {"postgres://u:p@h/d", "postgres://:p@h", "postgres://h/d?password=p",
                          "postgres://h/d?a=b&password=p"}) {
    CHECK_MESSAGE(has_password(url), url);
  }
  for (const char* url : {"postgres://u@h/d", "s3://bucket/a:b@c", "/path/u:p@h", "sqlite:r.db",
                          "postgres://h:5432/d", ""}) {
    CHECK_MESSAGE(!has_password(url), url);
  }
}

TEST_CASE("url_scheme: a path has none") {
  CHECK(url_scheme("sqlite:r.db") == "sqlite");
  CHECK(url_scheme("git+ssh://h") == "git+ssh");
  CHECK(url_scheme("/a:b") == "");
  CHECK(url_scheme("a/b:c") == "");
  CHECK(url_scheme("c:x") == "");
  CHECK(url_scheme("") == "");
}

}  // namespace algoctl::cli
