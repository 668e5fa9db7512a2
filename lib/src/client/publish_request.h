#pragma once

#include <optional>
#include <string>

#include "algoctl/publish.h"
#include "client/state.h"
#include "registry/algorithms.h"
#include "registry/db.h"
#include "registry/requests.h"

namespace algoctl {

/// Throws Error{usage} for options that contradict each other.
void check_publish_options(const PublishOptions& options);

/// What an idempotency key stands for: the manifest and every option that has a say in the answer.
Digest request_digest(const std::string& request, const PublishOptions& options);

/// The answer that names a version, with the channels that name it now, if it is there.
PublishResult answer_of(Db& db, const AlgorithmRow& algorithm, const Version& number,
                        const std::optional<Version>& previous, bool created,
                        const Digest& manifest);

/// An answer of before, as it was given then. `options` are those of its request.
PublishResult repeated_answer(Db& db, const AlgorithmRow& algorithm, const Answer& answer,
                              const PublishOptions& options);

/// True when the registry has an answer, to whatever request, under the options' key.
bool key_is_known(ClientState& state, const Algorithm& algorithm, const PublishOptions& options);

/// The answer that was given under the options' idempotency key, or nullopt. Reads only. Throws
/// Error{conflict} when something else was asked under it.
std::optional<PublishResult> known_answer(ClientState& state, const Algorithm& name,
                                          const std::string& request,
                                          const PublishOptions& options);

}  // namespace algoctl
