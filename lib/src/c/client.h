#pragma once

#include "algoctl/c.h"
#include "algoctl/client.h"

struct algoctl_client {
  algoctl::Client client;
};

namespace algoctl::c {

/// Throws Error{usage} for a null client.
inline Client& client_of(algoctl_client* client) {
  if (client == nullptr) throw Error(Code::usage, "the client is not given");
  return client->client;
}

}  // namespace algoctl::c
