/* Prints the layout of every struct of the C interface, and the values of its codes. C99. */

#include <algoctl/c_model.h>
#include <algoctl/c_publish.h>
#include <stdio.h>

#define STRUCT(type) printf("struct %s %lu\n", #type, (unsigned long)sizeof(type))
#define MEMBER(type, name)                                             \
  printf("  %s %lu %lu\n", #name, (unsigned long)offsetof(type, name), \
         (unsigned long)sizeof(((type*)0)->name))
#define CODE(name) printf("code %s %d\n", #name, (int)name)

static void client_options(void) {
  STRUCT(algoctl_client_options);
  MEMBER(algoctl_client_options, size);
  MEMBER(algoctl_client_options, home);
  MEMBER(algoctl_client_options, registry);
  MEMBER(algoctl_client_options, store);
  MEMBER(algoctl_client_options, cache);
  MEMBER(algoctl_client_options, actor);
  MEMBER(algoctl_client_options, cache_size);
  MEMBER(algoctl_client_options, timeout_ms);
  MEMBER(algoctl_client_options, allow_network_filesystem);
  MEMBER(algoctl_client_options, environment);
}

static void resolved(void) {
  STRUCT(algoctl_resolved);
  MEMBER(algoctl_resolved, size);
  MEMBER(algoctl_resolved, memory);
  MEMBER(algoctl_resolved, algorithm);
  MEMBER(algoctl_resolved, version);
  MEMBER(algoctl_resolved, sha256);
  MEMBER(algoctl_resolved, previous);
  MEMBER(algoctl_resolved, published_by);
  MEMBER(algoctl_resolved, notes);
  MEMBER(algoctl_resolved, yank_reason);
  MEMBER(algoctl_resolved, yank_replacement);
  MEMBER(algoctl_resolved, time);
}

static void file(void) {
  STRUCT(algoctl_file);
  MEMBER(algoctl_file, size);
  MEMBER(algoctl_file, slot);
  MEMBER(algoctl_file, label);
  MEMBER(algoctl_file, path);
  MEMBER(algoctl_file, uri);
  MEMBER(algoctl_file, sha256);
  MEMBER(algoctl_file, bytes);
  MEMBER(algoctl_file, stored);
}

static void pull_options(void) {
  STRUCT(algoctl_pull_options);
  MEMBER(algoctl_pull_options, size);
  MEMBER(algoctl_pull_options, slots);
  MEMBER(algoctl_pull_options, slot_count);
  MEMBER(algoctl_pull_options, into);
  MEMBER(algoctl_pull_options, prereleases);
}

static void pulled(void) {
  STRUCT(algoctl_pulled);
  MEMBER(algoctl_pulled, size);
  MEMBER(algoctl_pulled, memory);
  MEMBER(algoctl_pulled, algorithm);
  MEMBER(algoctl_pulled, version);
  MEMBER(algoctl_pulled, folder);
  MEMBER(algoctl_pulled, yank_reason);
  MEMBER(algoctl_pulled, files);
  MEMBER(algoctl_pulled, file_count);
}

static void upload_options(void) {
  STRUCT(algoctl_upload_options);
  MEMBER(algoctl_upload_options, size);
  MEMBER(algoctl_upload_options, paths);
  MEMBER(algoctl_upload_options, slots);
  MEMBER(algoctl_upload_options, path_count);
  MEMBER(algoctl_upload_options, label);
  MEMBER(algoctl_upload_options, algorithm);
  MEMBER(algoctl_upload_options, manifest);
  MEMBER(algoctl_upload_options, expect);
  MEMBER(algoctl_upload_options, replace);
  MEMBER(algoctl_upload_options, dry_run);
}

static void uploaded(void) {
  STRUCT(algoctl_uploaded);
  MEMBER(algoctl_uploaded, size);
  MEMBER(algoctl_uploaded, memory);
  MEMBER(algoctl_uploaded, files);
  MEMBER(algoctl_uploaded, file_count);
  MEMBER(algoctl_uploaded, warnings);
  MEMBER(algoctl_uploaded, warning_count);
}

static void publish_options(void) {
  STRUCT(algoctl_publish_options);
  MEMBER(algoctl_publish_options, size);
  MEMBER(algoctl_publish_options, manifest);
  MEMBER(algoctl_publish_options, bump);
  MEMBER(algoctl_publish_options, version);
  MEMBER(algoctl_publish_options, prerelease);
  MEMBER(algoctl_publish_options, line);
  MEMBER(algoctl_publish_options, notes);
  MEMBER(algoctl_publish_options, expect);
  MEMBER(algoctl_publish_options, idempotency_key);
  MEMBER(algoctl_publish_options, channels);
  MEMBER(algoctl_publish_options, channel_count);
  MEMBER(algoctl_publish_options, metadata);
  MEMBER(algoctl_publish_options, metadata_count);
  MEMBER(algoctl_publish_options, allow_duplicate);
  MEMBER(algoctl_publish_options, force);
  MEMBER(algoctl_publish_options, dry_run);
}

static void published(void) {
  STRUCT(algoctl_published);
  MEMBER(algoctl_published, size);
  MEMBER(algoctl_published, memory);
  MEMBER(algoctl_published, algorithm);
  MEMBER(algoctl_published, version);
  MEMBER(algoctl_published, previous);
  MEMBER(algoctl_published, sha256);
  MEMBER(algoctl_published, channels);
  MEMBER(algoctl_published, channel_count);
  MEMBER(algoctl_published, warnings);
  MEMBER(algoctl_published, warning_count);
  MEMBER(algoctl_published, created);
}

static void promote_options(void) {
  STRUCT(algoctl_promote_options);
  MEMBER(algoctl_promote_options, size);
  MEMBER(algoctl_promote_options, reference);
  MEMBER(algoctl_promote_options, channel);
  MEMBER(algoctl_promote_options, expect);
  MEMBER(algoctl_promote_options, why);
  MEMBER(algoctl_promote_options, require);
  MEMBER(algoctl_promote_options, require_count);
  MEMBER(algoctl_promote_options, prereleases);
  MEMBER(algoctl_promote_options, force);
  MEMBER(algoctl_promote_options, release_hold);
  MEMBER(algoctl_promote_options, dry_run);
}

static void promoted(void) {
  STRUCT(algoctl_promoted);
  MEMBER(algoctl_promoted, size);
  MEMBER(algoctl_promoted, memory);
  MEMBER(algoctl_promoted, algorithm);
  MEMBER(algoctl_promoted, channel);
  MEMBER(algoctl_promoted, version);
  MEMBER(algoctl_promoted, previous);
  MEMBER(algoctl_promoted, warnings);
  MEMBER(algoctl_promoted, warning_count);
  MEMBER(algoctl_promoted, moved);
  MEMBER(algoctl_promoted, held);
}

static void model_options(void) {
  STRUCT(algoctl_model_options);
  MEMBER(algoctl_model_options, size);
  MEMBER(algoctl_model_options, user);
  MEMBER(algoctl_model_options, load);
  MEMBER(algoctl_model_options, validate);
  MEMBER(algoctl_model_options, warm_up);
  MEMBER(algoctl_model_options, unload);
  MEMBER(algoctl_model_options, poll_ms);
  MEMBER(algoctl_model_options, max_staleness_ms);
  MEMBER(algoctl_model_options, backoff_ms);
  MEMBER(algoctl_model_options, longest_backoff_ms);
  MEMBER(algoctl_model_options, name);
  MEMBER(algoctl_model_options, unload_first);
  MEMBER(algoctl_model_options, prereleases);
  MEMBER(algoctl_model_options, no_watch);
  MEMBER(algoctl_model_options, no_report);
}

static void borrow(void) {
  STRUCT(algoctl_borrow);
  MEMBER(algoctl_borrow, size);
  MEMBER(algoctl_borrow, model);
  MEMBER(algoctl_borrow, version);
  MEMBER(algoctl_borrow, reserved);
}

static void model_status(void) {
  STRUCT(algoctl_model_status);
  MEMBER(algoctl_model_status, size);
  MEMBER(algoctl_model_status, memory);
  MEMBER(algoctl_model_status, state);
  MEMBER(algoctl_model_status, serving);
  MEMBER(algoctl_model_status, wanted);
  MEMBER(algoctl_model_status, prepared);
  MEMBER(algoctl_model_status, error_message);
  MEMBER(algoctl_model_status, error_hint);
  MEMBER(algoctl_model_status, report_error);
  MEMBER(algoctl_model_status, error_at);
  MEMBER(algoctl_model_status, next_attempt_ms);
  MEMBER(algoctl_model_status, confirmed_at);
  MEMBER(algoctl_model_status, looks);
  MEMBER(algoctl_model_status, loads);
  MEMBER(algoctl_model_status, switches);
  MEMBER(algoctl_model_status, failures);
  MEMBER(algoctl_model_status, error_code);
  MEMBER(algoctl_model_status, stale);
}

int main(void) {
  client_options();
  resolved();
  file();
  pull_options();
  pulled();
  upload_options();
  uploaded();
  publish_options();
  published();
  promote_options();
  promoted();
  model_options();
  borrow();
  model_status();
  CODE(ALGOCTL_OK);
  CODE(ALGOCTL_CHECK_FAILED);
  CODE(ALGOCTL_USAGE);
  CODE(ALGOCTL_NOT_FOUND);
  CODE(ALGOCTL_CONFLICT);
  CODE(ALGOCTL_INTEGRITY);
  CODE(ALGOCTL_STORAGE);
  CODE(ALGOCTL_BUSY);
  CODE(ALGOCTL_UNAUTHORIZED);
  CODE(ALGOCTL_LOCK_MISMATCH);
  CODE(ALGOCTL_INTERNAL);
  CODE(ALGOCTL_INTERRUPTED);
  return 0;
}
