#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "algoctl/error.h"
#include "http/link.h"
#include "http/message.h"

namespace algoctl {

/// One key of a bucket.
struct BucketEntry {
  std::string key;          ///< below the bucket's prefix
  std::int64_t size;        ///< bytes
  std::int64_t changed_at;  ///< milliseconds since 1970, UTC
};

/// Part of a list; `next` is asked for when it is not empty.
struct BucketPage {
  std::vector<BucketEntry> entries;
  std::string next;
};

/// An upload in parts that is not complete.
struct PartedUpload {
  std::string key;
  std::string id;  ///< the server's
  std::int64_t begun_at;
};
struct PartedUploadPage {
  std::vector<PartedUpload> uploads;
  std::string next;
};

/// A part as the server or the journal knows it.
struct Part {
  int number;         ///< from 1
  std::int64_t size;  ///< bytes
  std::string tag;    ///< what completing wants: S3's ETag, Azure's block id
};
struct PartPage {
  std::vector<Part> parts;
  std::string next;
};

/// What a server can do at most.
struct BucketLimits {
  std::int64_t smallest_part;  ///< bytes, but for the last
  std::int64_t largest_part;
  int parts;
  bool writable;
  bool listable;
  /// Uploads in parts have ids, are listed, and keep their parts until they are aborted. False:
  /// parts are put at once; what is never completed the server drops by itself.
  bool tracks_uploads;
  /// Bytes of a part, unless that makes too many; what is not larger moves in one piece.
  std::int64_t usual_part = std::int64_t{16} << 20;
};

/// How one kind of object store is spoken to: makes requests, signed for now, and reads answers.
/// Does no I/O of its own, but to fetch credentials. Keys are below the store's prefix. Each `make`
/// function gives what the matching `read` function takes a 2xx answer of; those throw
/// Error{storage} for an answer that does not parse. What `limits` rule out is not asked, and
/// throws Error{storage}. Safe to use from any thread.
class Bucket {
 public:
  virtual ~Bucket() = default;

  /// `s3://bucket/prefix`, free of secrets.
  [[nodiscard]] virtual std::string url() const = 0;
  [[nodiscard]] virtual BucketLimits limits() const = 0;

  virtual http::Request head(const std::string& key) = 0;
  /// All of it, or `size` bytes from `offset` on.
  virtual http::Request get(const std::string& key) = 0;
  virtual http::Request get(const std::string& key, std::int64_t offset, std::int64_t size) = 0;
  /// `sha256`: of the body, 64 hexadecimal digits, which the server checks where it can, and keeps
  /// beside it. `only_new`: the server refuses (409 or 412) when the key is there.
  virtual http::Request put(const std::string& key, http::Body body, const std::string& sha256,
                            bool only_new);
  /// The digest that was given with what is there, of an answer of `head`. Empty when none was:
  /// another program put it there.
  virtual std::string read_sha256(const http::Response& response);
  virtual http::Request remove(const std::string& key);
  /// Keys that begin with `prefix`; `next` of the page before, empty at first.
  virtual http::Request list(const std::string& prefix, const std::string& next);
  virtual BucketPage read_list(const http::Response& response);

  /// Uploads in parts. `sha256`: of all of it, as for `put`, which no server checks.
  virtual http::Request begin_parts(const std::string& key, const std::string& sha256);
  virtual std::string read_upload_id(const http::Response& response);
  virtual http::Request put_part(const std::string& key, const std::string& upload, int number,
                                 http::Body body, const std::string& sha256);
  /// What `complete` wants of a part that was put; `sha256` of its bytes.
  virtual std::string read_part_tag(int number, const std::string& sha256,
                                    const http::Response& response);
  virtual http::Request list_parts(const std::string& key, const std::string& upload,
                                   const std::string& next);
  virtual PartPage read_parts(const http::Response& response);
  virtual http::Request complete(const std::string& key, const std::string& upload,
                                 const std::vector<Part>& parts, const std::string& sha256);
  /// A 200 of `complete` may hold an error: that, or nullopt. `transient`: worth another try.
  struct Refusal {
    std::string code;
    std::string message;
    bool transient;
  };
  virtual std::optional<Refusal> read_complete(const http::Response& response);
  virtual http::Request abort(const std::string& key, const std::string& upload);
  virtual http::Request list_uploads(const std::string& prefix, const std::string& next);
  virtual PartedUploadPage read_uploads(const http::Response& response);

  /// A URL by which anybody may read the key: for `lifetime`, for less where what signs it ends
  /// sooner, and without an end where everybody may anyway. Throws Error{usage} where there is no
  /// such thing.
  virtual http::Link link(const std::string& key, std::chrono::seconds lifetime) = 0;

  /// What an answer that is no success means to a person: missing bucket, no permission (which
  /// one), wrong key, expired token, clock skew, another region. The code is unauthorized,
  /// not_found (of a key or the bucket) or storage.
  virtual Error explain(const http::Request& request, const http::Response& response) = 0;

  /// True when an answer to `put` may say that the server does not know how to put `only_new`: 501,
  /// and where 400 is said of that too, one for none of the reasons that `explain` knows.
  virtual bool may_not_know_conditions(const http::Response& response);

 private:
  [[noreturn]] void refuse() const;
};

}  // namespace algoctl
