#include "globals.h"

namespace algoctl::cli {

void define_globals(Options& options, GlobalOptions& globals) {
  options.flag(globals.json, "--json", "answer with one JSON record; so do errors, on stderr");
  options.flag(globals.quiet, "-q,--quiet", "no messages");
  options.flag(globals.verbose, "-v,--verbose", "more messages");
  options.value(globals.home, "--home", "DIR", "folder of registry and store [ALGOCTL_HOME]");
  options.value(globals.registry, "--registry", "URL",
                "a registry elsewhere; it must be there [ALGOCTL_REGISTRY]");
  options.value(globals.store, "--store", "URL",
                "where the bytes are; the registry remembers it [ALGOCTL_STORE]");
  options.value(globals.manifest, "--manifest", "PATH",
                "default: algorithm.json here or in a parent folder [ALGOCTL_MANIFEST]");
  options.value(globals.timeout, "--timeout", "SECONDS",
                "longest wait for a lock or a server; default: 30 [ALGOCTL_TIMEOUT]");
  options.value(globals.limit_rate, "--limit-rate", "BYTES",
                "a second, to and from a store elsewhere; default: 0, no limit "
                "[ALGOCTL_LIMIT_RATE]");
  options.flag(globals.yes, "--yes", "answer every question with yes");
  options.flag(globals.allow_network_filesystem, "--allow-network-filesystem",
               "trust a registry on NFS or SMB, where locks may lie");
  options.flag(globals.help, "-h,--help", "print this");
}

}  // namespace algoctl::cli
