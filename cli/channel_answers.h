#pragma once

#include <string>

#include "context.h"

namespace algoctl::cli {

// What `promote` and `rollback` say in the same way.

/// `from 1.2.0 to 1.3.0`, or `to 1.3.0`.
std::string from_to(const ChannelResult& result);

/// Prints the version that the channel names now as the answer. `more` adds to the record.
void answer_channel(Context& ctx, const ChannelResult& result, const Context::Fill& more = {});

}  // namespace algoctl::cli
