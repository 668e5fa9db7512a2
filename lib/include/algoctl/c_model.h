#pragma once

#include "algoctl/c.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A model that follows a reference, as algoctl::Model: a thread of its own asks, brings verified
   files, calls `load`, `validate`, `warm_up`, and swaps. Whatever fails, what was served last is
   served on, and it is tried again, later each time. Any thread may use it but for close. After
   fork(2) it is of no use in the child: make it there. */
typedef struct algoctl_model algoctl_model;

/* The verified files of a version. They and their texts are there while `load` runs; the files on
   the disk stay as long as the model that `load` made. */
typedef struct algoctl_files algoctl_files;
ALGOCTL_EXPORT const char* algoctl_files_version(const algoctl_files* files);
ALGOCTL_EXPORT const char* algoctl_files_folder(const algoctl_files* files);
ALGOCTL_EXPORT size_t algoctl_files_count(const algoctl_files* files);
/* Null when there is no such index. */
ALGOCTL_EXPORT const algoctl_file* algoctl_files_at(const algoctl_files* files, size_t index);

/* Where a callback says why it fails: the text of the failure in the model's status. */
typedef struct algoctl_failure algoctl_failure;
ALGOCTL_EXPORT void algoctl_fail(algoctl_failure* failure, const char* message);

/* Called one at a time, `load` the first time by the thread that opens, else by threads of the
   model. `user` must live until algoctl_model_close has returned. */
typedef struct {
  size_t size;
  void* user;
  /* Returns a model, for `unload`; null is a failure. */
  void* (*load)(void* user, const algoctl_files* files, algoctl_failure* failure);
  /* Both may be null. Not 0: the model is not served. */
  int (*validate)(void* user, const void* model, algoctl_failure* failure);
  int (*warm_up)(void* user, void* model, algoctl_failure* failure);
  void (*unload)(void* user, void* model); /* may be null */

  /* No time may be negative. */
  int64_t poll_ms;            /* how often to ask what the reference means; 0: 30000 */
  int64_t max_staleness_ms;   /* 0: it is never called stale */
  int64_t backoff_ms;         /* after a failure, twice as long after the next one; 0: 1000 */
  int64_t longest_backoff_ms; /* 0: 60000 */
  const char* name;           /* for people, in `algoctl replicas` */
  int unload_first;           /* for models that fit once: none is served while one is loaded */
  int prereleases;            /* ranges and `latest` admit prereleases */
  int no_watch;               /* do not hear of changes on this machine at once: poll only */
  int no_report;              /* do not be seen by `algoctl replicas` and `promote --wait` */
} algoctl_model_options;

/* Returns when the first model is served. The client may be closed then. */
ALGOCTL_EXPORT int algoctl_model_open(const algoctl_client* client, const char* reference,
                                      const algoctl_model_options* options, algoctl_model** model,
                                      algoctl_error** error);

/* Cancels a reload under way and waits for it; returns when the last model is unloaded. All borrows
   must have been given back. In the child of a fork it only forgets. */
ALGOCTL_EXPORT void algoctl_model_close(algoctl_model* model);

/* A model that is in use: neither replaced nor unloaded. Its memory is the caller's. */
typedef struct {
  size_t size;
  void* model;         /* what `load` returned; null while nothing is served */
  const char* version; /* `1.3.0`, or `sha256:<hex>` of a label's bytes; null with the model */
  void* reserved[2];
} algoctl_borrow;

/* A few nanoseconds: no lock, no I/O, no waiting; never fails. To be given back by the same thread.
   A borrow of a smaller size stays empty. */
ALGOCTL_EXPORT void algoctl_model_get(const algoctl_model* model, algoctl_borrow* borrow);
ALGOCTL_EXPORT void algoctl_borrow_release(algoctl_borrow* borrow);

/* The same for a caller who must not be answered by another model than one that satisfies
   `selector`, as in algoctl_model_wait_for. ALGOCTL_BUSY when there is none within the limit. */
ALGOCTL_EXPORT int algoctl_model_get_at_least(const algoctl_model* model, const char* selector,
                                              int64_t limit_ms, algoctl_borrow* borrow,
                                              algoctl_error** error);

/* Waits until what is served satisfies `selector`: a version, a range, a digest; or, when it is the
   reference's own, is what the reference means now. ALGOCTL_BUSY when it does not in time. */
ALGOCTL_EXPORT int algoctl_model_wait_for(const algoctl_model* model, const char* selector,
                                          int64_t limit_ms, algoctl_error** error);

/* Asks now, and tries again now what failed. Returns at once. */
ALGOCTL_EXPORT int algoctl_model_reload_now(algoctl_model* model, algoctl_error** error);

typedef struct {
  size_t size;
  algoctl_memory* memory;
  const char* state;         /* `loading`, `prepared`, `serving`, `failed` */
  const char* serving;       /* versions as in a borrow; may be null */
  const char* wanted;        /* what the reference meant when last asked; may be null */
  const char* prepared;      /* loaded, and waiting for its instant; may be null */
  const char* error_message; /* null when all is as it should be */
  const char* error_hint;    /* null with the message */
  const char* report_error;  /* why others cannot see it; null: they can */
  int64_t error_at;          /* milliseconds since 1970, UTC */
  int64_t next_attempt_ms;   /* from now */
  int64_t confirmed_at;      /* that nothing newer was wanted: milliseconds since 1970, UTC */
  int64_t looks;             /* times that it was asked what the reference means */
  int64_t loads;
  int64_t switches;
  int64_t failures;
  int error_code;
  int stale; /* not confirmed for max_staleness_ms */
} algoctl_model_status;

ALGOCTL_EXPORT int algoctl_model_get_status(const algoctl_model* model,
                                            algoctl_model_status* status, algoctl_error** error);

#ifdef __cplusplus
}
#endif
