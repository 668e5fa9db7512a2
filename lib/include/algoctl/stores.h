#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "algoctl/digest.h"
#include "algoctl/export.h"
#include "algoctl/name.h"
#include "algoctl/reference.h"

namespace algoctl {

class Client;

struct LinkOptions {
  std::optional<Slot> slot;             ///< none: the only one that there is
  std::chrono::seconds lifetime{3600};  ///< at least a second; in S3 at most seven days
};

/// Where anybody can get an object for a while, without credentials.
struct ObjectLink {
  std::string url;  ///< whoever has it can read the object: as secret as the object
  /// Milliseconds since 1970, UTC. None: everybody may read the object, and the link does not
  /// expire. Sooner than after the lifetime when the credentials that signed it end then.
  std::optional<std::int64_t> expires_at;
  std::optional<Slot> slot;  ///< none for a label
  Label label;
  Digest sha256;
  std::int64_t size;  ///< bytes
};

/// One thing that a server, or a folder, was tried for.
struct ProbeFinding {
  std::string what;    ///< `create only what is new`
  bool holds = false;  ///< it does what is hoped for
  bool needed = true;  ///< a store cannot do without
  std::string detail;  ///< what it did; empty when it holds
  std::string remedy;  ///< what to do about it; empty where nothing in particular is known
};

struct MirrorOptions {
  std::string to;  ///< path or URL of a store that becomes a mirror; empty: all that are known
  bool dry_run = false;  ///< say what would be copied
};

/// An object that was, or in a dry run would be, copied.
struct MirroredObject {
  Digest object;
  std::int64_t size;   ///< bytes
  std::string mirror;  ///< URL
};

/// How a mirror stands.
struct MirrorSum {
  std::string url;
  std::int64_t copied = 0;   ///< objects
  std::int64_t bytes = 0;    ///< of these
  std::int64_t missing = 0;  ///< objects that it lacks still, for it can only be read
};

/// What a Client does with stores themselves. The client must outlive it; as safe between threads
/// as the client is. Every call throws Error as a client's calls do.
class ALGOCTL_EXPORT Stores {
 public:
  explicit Stores(Client& client) : client_(client) {}

  /// A link to the one object that a version's slot, or a label, names. Throws usage when the store
  /// gives no links, or when a version has several slots and none is chosen; integrity when the
  /// store does not have the object.
  ObjectLink link(const Reference& reference, const LinkOptions& options = {});

  /// Tries what a store has to do, with keys that it removes again: the registry's store, or what
  /// is at a URL, whether there is a store yet or not. What was found of the registry's store is
  /// remembered. Throws storage when the registry has no store.
  std::vector<ProbeFinding> probe(const std::string& url = {});

  /// Copies what versions and labels need and a mirror lacks, verified, and calls `visit` for each
  /// object that is there now. Run again it goes on. A new mirror is made where there is no store,
  /// and remembered. Throws conflict for the registry's own store, or another registry's; what
  /// failed of one mirror once all were tried.
  std::vector<MirrorSum> mirror(const MirrorOptions& options,
                                const std::function<void(const MirroredObject&)>& visit);

  /// Reads and fills a mirror no more; its bytes stay. False when there is none of this URL.
  bool forget_mirror(const std::string& url, bool dry_run = false);

 private:
  Client& client_;
};

}  // namespace algoctl
