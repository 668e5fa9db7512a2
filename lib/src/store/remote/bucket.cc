#include "store/remote/bucket.h"

namespace algoctl {

// What a kind of server cannot do, its bucket leaves to these.

void Bucket::refuse() const {
  if (limits().writable) throw Error(Code::storage, "store " + url() + " keeps no list of uploads");
  throw Error(Code::storage, "store " + url() + " can only be read",
              "name a store that takes bytes with --store");
}

bool Bucket::may_not_know_conditions(const http::Response& response) {
  return response.status == 501;
}

// Those that do not refuse keep the body.
// NOLINTBEGIN(performance-unnecessary-value-param)
http::Request Bucket::put(const std::string&, http::Body, const std::string&, bool) { refuse(); }
std::string Bucket::read_sha256(const http::Response&) { return ""; }
http::Request Bucket::remove(const std::string&) { refuse(); }
http::Request Bucket::list(const std::string&, const std::string&) { refuse(); }
BucketPage Bucket::read_list(const http::Response&) { refuse(); }

http::Request Bucket::begin_parts(const std::string&, const std::string&) { refuse(); }
std::string Bucket::read_upload_id(const http::Response&) { refuse(); }
http::Request Bucket::put_part(const std::string&, const std::string&, int, http::Body,
                               const std::string&) {
  refuse();
}
// NOLINTEND(performance-unnecessary-value-param)
std::string Bucket::read_part_tag(int, const std::string&, const http::Response&) { refuse(); }
http::Request Bucket::list_parts(const std::string&, const std::string&, const std::string&) {
  refuse();
}
PartPage Bucket::read_parts(const http::Response&) { refuse(); }
http::Request Bucket::complete(const std::string&, const std::string&, const std::vector<Part>&,
                               const std::string&) {
  refuse();
}
std::optional<Bucket::Refusal> Bucket::read_complete(const http::Response&) { refuse(); }
http::Request Bucket::abort(const std::string&, const std::string&) { refuse(); }
http::Request Bucket::list_uploads(const std::string&, const std::string&) { refuse(); }
PartedUploadPage Bucket::read_uploads(const http::Response&) { refuse(); }

}  // namespace algoctl
