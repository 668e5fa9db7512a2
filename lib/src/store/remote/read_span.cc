#include "store/remote/read_span.h"

#include "algoctl/error.h"
#include "store/read_at.h"

namespace algoctl {

void read_span(int fd, const Span& span, const std::string& name, const std::atomic<bool>* stop,
               const std::function<void(std::string_view)>& take) {
  PieceReader file(fd, name);
  for (std::int64_t done = 0; done < span.size;) {
    if (stop != nullptr && *stop) throw Error(Code::interrupted, "stopped");
    const std::string_view bytes = file.read(span.offset + done, span.size - done);
    if (bytes.empty()) throw Error(Code::storage, name + " became shorter while it was read");
    take(bytes);
    done += static_cast<std::int64_t>(bytes.size());
  }
}

}  // namespace algoctl
