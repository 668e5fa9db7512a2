#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "support/scripted_server.h"

namespace algoctl::test {

/// An S3 server in memory: one bucket `bucket`, no check of signatures, but of the digests that
/// requests are signed with. It records, and can be made to lie. Safe from any thread.
class PlayedS3 {
 public:
  PlayedS3();

  /// `s3://bucket/prefix?endpoint=…`, or `gs://…`
  [[nodiscard]] std::string url() const;
  [[nodiscard]] const ScriptedServer& server() const noexcept { return server_; }

  /// Asked first for each request: an answer of its own, or nullopt.
  using Lie = std::function<std::optional<ScriptedAnswer>(const SeenRequest&)>;
  void lie(Lie lie);

  [[nodiscard]] std::map<std::string, std::string> objects() const;
  /// As another program would: without the digest that is kept beside an object.
  void set(const std::string& key, const std::string& bytes);
  /// The same with it.
  void set_as_sent(const std::string& key, const std::string& bytes);
  /// As a disk would that rots: what is kept beside it stays.
  void rot(const std::string& key, const std::string& bytes);
  void remove(const std::string& key);
  /// Opens an upload in parts that nobody goes on with, begun in 2019.
  void leave_upload(const std::string& key);
  /// Forgets the bytes of this part in all open uploads.
  void lose_part(int number);
  /// How many uploads in parts are open.
  [[nodiscard]] std::size_t open_uploads() const;
  /// How many requests of this method came whose target holds `part`.
  [[nodiscard]] int count(const std::string& method, const std::string& part) const;

  bool honours_conditions = true;
  bool is_google = false;        ///< has Google's word for them, and no other
  std::size_t page_size = 1000;  ///< entries of a list
  int lost_answers = 0;          ///< so many completions happen, but nobody hears of them

 private:
  struct Upload {
    std::string key;
    http::Fields kept = {};
    std::map<int, std::string> parts = {};
  };

  ScriptedAnswer answer(const SeenRequest& request);
  ScriptedAnswer get(const SeenRequest& request, const std::string& key);
  ScriptedAnswer put(const SeenRequest& request, const std::string& key);
  ScriptedAnswer post(const SeenRequest& request, const std::string& key);
  ScriptedAnswer remove_at(const SeenRequest& request, const std::string& key);
  ScriptedAnswer list(const http::Fields& query);
  ScriptedAnswer list_uploads(const http::Fields& query);
  ScriptedAnswer list_parts(const std::string& upload);
  ScriptedAnswer complete(const SeenRequest& request, const std::string& upload);

  mutable std::mutex mutex_;
  std::map<std::string, std::string> objects_;
  std::map<std::string, http::Fields> kept_;  ///< beside the objects: x-amz-meta-…
  std::map<std::string, Upload> uploads_;
  int next_upload_ = 1;
  Lie lie_;
  ScriptedServer server_;  // last: its threads use all of the above
};

/// What S3 says to somebody without the permission.
ScriptedAnswer denied();

}  // namespace algoctl::test
