#include "channel_answers.h"

namespace algoctl::cli {

std::string from_to(const ChannelResult& result) {
  const std::string from = result.previous ? "from " + result.previous->str() + " " : "";
  return from + "to " + result.version.str();
}

void answer_channel(Context& ctx, const ChannelResult& result, const Context::Fill& more) {
  ctx.answer(result.version.str(), [&](Json& record) {
    record.set("algorithm", result.algorithm.str());
    record.set("channel", result.channel);
    record.set("version", result.version.str());
    record.set("previous", result.previous ? Json(result.previous->str()) : Json(nullptr));
    record.set("moved", result.moved);
    record.set("held", result.held);
    if (more) more(record);
  });
}

}  // namespace algoctl::cli
