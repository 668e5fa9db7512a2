#include <unistd.h>

#include <condition_variable>
#include <mutex>

#include "algoctl/c_model.h"
#include "algoctl/reloader.h"
#include "c/client.h"
#include "c/failure.h"
#include "c/memory.h"

struct algoctl_failure {
  std::string message;
};

struct algoctl_files {
  explicit algoctl_files(const algoctl::Files& files)
      : version(files.version().str()), folder(files.folder()) {
    memory.pulled(files.algorithm(), files.all());
  }

  std::string version;
  std::string folder;
  algoctl_memory memory;
};

namespace algoctl::c {

/// How many models are loaded, for the one who waits until none is.
class Live {
 public:
  void add(int change) {
    {
      const std::lock_guard lock(mutex_);
      count_ += change;
    }
    changed_.notify_all();
  }
  void wait_for_none() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return count_ == 0; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int count_ = 0;
};

namespace {

using std::chrono::milliseconds;

/// What a Reloader has as its object: the caller's model, and its version as text.
struct Held {
  void* model;
  std::string version;
};

/// Throws what the callback said of its failure, or `otherwise`.
[[noreturn]] void fail(const algoctl_failure& failure, const char* otherwise) {
  throw Error(Code::check_failed, failure.message.empty() ? otherwise : failure.message);
}

void* load(const algoctl_model_options& o, const std::shared_ptr<Live>& live, const Files& files) {
  auto held = std::make_unique<Held>(Held{nullptr, files.version().str()});
  const algoctl_files shown(files);
  algoctl_failure failure;
  held->model = o.load(o.user, &shown, &failure);
  if (held->model == nullptr) fail(failure, "the loader returned nothing");
  live->add(1);
  return held.release();
}

void destroy(const algoctl_model_options& o, const std::shared_ptr<Live>& live, void* object) {
  const std::unique_ptr<Held> held(static_cast<Held*>(object));
  if (o.unload != nullptr) o.unload(o.user, held->model);
  live->add(-1);
}

ReloadSubject subject_of(const algoctl_model_options& o, const std::shared_ptr<Live>& live) {
  ReloadSubject subject;
  subject.load = [o, live](const Files& files) { return load(o, live, files); };
  if (o.validate != nullptr) {
    subject.validate = [o](const void* object) {
      algoctl_failure failure;
      if (o.validate(o.user, static_cast<const Held*>(object)->model, &failure) == 0) return true;
      if (failure.message.empty()) return false;
      fail(failure, "");
    };
  }
  if (o.warm_up != nullptr) {
    subject.warm_up = [o](void* object) {
      algoctl_failure failure;
      if (o.warm_up(o.user, static_cast<Held*>(object)->model, &failure) == 0) return;
      fail(failure, "the warm-up failed");
    };
  }
  subject.destroy = [o, live](void* object) { destroy(o, live, object); };
  return subject;
}

ReloadOptions reload_options(const algoctl_model_options& o) {
  const auto set = [](milliseconds& option, std::int64_t given) {
    if (given != 0) option = milliseconds(given);
  };
  ReloadOptions options;
  set(options.poll, o.poll_ms);
  set(options.max_staleness, o.max_staleness_ms);
  set(options.backoff, o.backoff_ms);
  set(options.longest_backoff, o.longest_backoff_ms);
  options.name = or_empty(o.name);
  if (o.unload_first != 0) options.overlap = Overlap::unload_then_load;
  options.prereleases = o.prereleases != 0;
  options.watch = o.no_watch == 0;
  options.report = o.no_report == 0;
  return options;
}

/// In the place that a borrow reserves.
Borrowing* place_of(algoctl_borrow* borrow) {
  static_assert(sizeof(Borrowing) <= sizeof borrow->reserved);
  static_assert(alignof(Borrowing) <= alignof(void*));
  return reinterpret_cast<Borrowing*>(static_cast<void*>(borrow->reserved));
}

/// Makes a borrow an empty one; false when it is none.
bool clear(algoctl_borrow* borrow) {
  if (borrow == nullptr || borrow->size < sizeof *borrow) return false;
  borrow->model = nullptr;
  borrow->version = nullptr;
  new (borrow->reserved) Borrowing();
  return true;
}

void show(algoctl_borrow* borrow) {
  const Snapshot* const snapshot = place_of(borrow)->snapshot();
  if (snapshot == nullptr) return;
  const Held* const held = static_cast<const Held*>(snapshot->object);
  borrow->model = held->model;
  borrow->version = held->version.c_str();
}

algoctl_model_status status_of(const ReloadStatus& now, algoctl_memory& memory) {
  const auto text = [&](const std::optional<ModelVersion>& version) {
    return version ? memory.text(version->str()) : nullptr;
  };
  algoctl_model_status status{};
  status.state = state_name(now.state);
  status.serving = text(now.serving);
  status.wanted = text(now.wanted);
  status.prepared = text(now.prepared);
  if (now.last_error) {
    status.error_code = static_cast<int>(now.last_error->code);
    status.error_message = memory.text(now.last_error->message);
    status.error_hint = memory.text(now.last_error->hint);
    status.error_at = now.last_error->at;
  }
  status.report_error = now.report_error.empty() ? nullptr : memory.text(now.report_error);
  status.next_attempt_ms = now.next_attempt.count();
  status.confirmed_at = now.confirmed_at;
  status.looks = now.counts.looks;
  status.loads = now.counts.loads;
  status.switches = now.counts.switches;
  status.failures = now.counts.failures;
  status.stale = now.stale ? 1 : 0;
  return status;
}

}  // namespace
}  // namespace algoctl::c

using namespace algoctl;
using namespace algoctl::c;

struct algoctl_model {
  algoctl_model(const ClientOptions& client, const Reference& followed,
                const algoctl_model_options& o)
      : reference(followed.str()),
        reloader(std::in_place, client, followed, subject_of(o, live), reload_options(o)) {}

  const pid_t process = ::getpid();
  const std::string reference;
  const std::shared_ptr<Live> live = std::make_shared<Live>();
  std::optional<Reloader> reloader;
};

const char* algoctl_files_version(const algoctl_files* files) { return files->version.c_str(); }
const char* algoctl_files_folder(const algoctl_files* files) { return files->folder.c_str(); }
std::size_t algoctl_files_count(const algoctl_files* files) {
  return files->memory.file_list.size();
}
const algoctl_file* algoctl_files_at(const algoctl_files* files, std::size_t index) {
  const auto& list = files->memory.file_list;
  return index < list.size() ? list[index] : nullptr;
}

void algoctl_fail(algoctl_failure* failure, const char* message) {
  static_cast<void>(guarded(nullptr, [&] { failure->message = or_empty(message); }));
}

int algoctl_model_open(const algoctl_client* client, const char* reference,
                       const algoctl_model_options* options, algoctl_model** model,
                       algoctl_error** error) {
  return guarded(error, [&] {
    if (client == nullptr) throw Error(Code::usage, "the client is not given");
    if (model == nullptr) throw Error(Code::usage, "no place for the model");
    const algoctl_model_options o = read_struct(options);
    if (o.load == nullptr) throw Error(Code::usage, "the loader is not given");
    *model = new algoctl_model(client->client.options(),
                               Reference::parse(given(reference, "the reference")), o);
  });
}

void algoctl_model_close(algoctl_model* model) {
  if (model == nullptr) return;
  const bool in_child = ::getpid() != model->process;
  model->reloader.reset();
  if (in_child) return;
  model->live->wait_for_none();
  delete model;
}

void algoctl_model_get(const algoctl_model* model, algoctl_borrow* borrow) {
  if (!clear(borrow)) return;
  place_of(borrow)->take(model->reloader->current());
  show(borrow);
}

void algoctl_borrow_release(algoctl_borrow* borrow) {
  if (borrow == nullptr || borrow->size < sizeof *borrow) return;
  place_of(borrow)->drop();
  clear(borrow);
}

int algoctl_model_get_at_least(const algoctl_model* model, const char* selector,
                               std::int64_t limit_ms, algoctl_borrow* borrow,
                               algoctl_error** error) {
  return guarded(error, [&] {
    if (!clear(borrow)) throw Error(Code::usage, "a struct has no size");
    const Selector wanted = Selector::parse(given(selector, "the selector"));
    model->reloader->take(*place_of(borrow), wanted, milliseconds(limit_ms));
    show(borrow);
  });
}

int algoctl_model_wait_for(const algoctl_model* model, const char* selector, std::int64_t limit_ms,
                           algoctl_error** error) {
  return guarded(error, [&] {
    const Selector wanted = Selector::parse(given(selector, "the selector"));
    if (model->reloader->wait_for(wanted, milliseconds(limit_ms))) return;
    throw Error(Code::busy,
                model->reference + " is not served as '" + wanted.str() + "' after " +
                    std::to_string(limit_ms) + " ms",
                "wait longer, or see in its status why it does not come");
  });
}

int algoctl_model_reload_now(algoctl_model* model, algoctl_error** error) {
  return guarded(error, [&] { model->reloader->reload_now(); });
}

int algoctl_model_get_status(const algoctl_model* model, algoctl_model_status* status,
                             algoctl_error** error) {
  return guarded(error, [&] {
    check_place(status);
    auto memory = std::make_unique<algoctl_memory>();
    const algoctl_model_status now = status_of(model->reloader->status(), *memory);
    answer(status, now, std::move(memory));
  });
}
