#pragma once

/* The library for programs in other languages than C++: C99. A function that can fail returns 0, or
   the exit status of the program (`enum algoctl_code`) and an error in `*error`; with a null
   `error` only the code. What came of a call that failed is left as it was. Every struct begins
   with its size, set by the caller: `algoctl_pull_options o = {sizeof o};`. Only that much of it is
   read or written; a member that is zero is not given. Texts are UTF-8, and those of options are
   copied. Of a result, texts and arrays live as long as its `memory`. Publishing:
   algoctl/c_publish.h. Models that follow a reference: algoctl/c_model.h. */

#include <stddef.h>
#include <stdint.h>

#include "algoctl/export.h"

#ifdef __cplusplus
extern "C" {
#endif

enum algoctl_code {
  ALGOCTL_OK = 0,
  ALGOCTL_CHECK_FAILED = 1,
  ALGOCTL_USAGE = 2,
  ALGOCTL_NOT_FOUND = 3,
  ALGOCTL_CONFLICT = 4,
  ALGOCTL_INTEGRITY = 5,
  ALGOCTL_STORAGE = 6,
  ALGOCTL_BUSY = 7,
  ALGOCTL_UNAUTHORIZED = 8,
  ALGOCTL_LOCK_MISMATCH = 9,
  ALGOCTL_INTERNAL = 70,
  ALGOCTL_INTERRUPTED = 130
};

/* What went wrong. The caller frees it. Its functions take a null error, which is what there is
   when the memory for one was missing: its code is ALGOCTL_INTERNAL, its texts are never null. */
typedef struct algoctl_error algoctl_error;
ALGOCTL_EXPORT int algoctl_error_code(const algoctl_error* error);
ALGOCTL_EXPORT const char* algoctl_error_message(const algoctl_error* error);
ALGOCTL_EXPORT const char* algoctl_error_hint(const algoctl_error* error); /* may be empty */
ALGOCTL_EXPORT void algoctl_error_free(algoctl_error* error);

/* What a result's texts and arrays are in. The caller frees it. */
typedef struct algoctl_memory algoctl_memory;
ALGOCTL_EXPORT void algoctl_memory_free(algoctl_memory* memory);

/* The library's version: `1.2.3`. */
ALGOCTL_EXPORT const char* algoctl_version(void);

/* As algoctl::Client: any thread may use it, calls that use the registry take turns. Closing it is
   for the last one. Not to be used after fork(2) in the child. */
typedef struct algoctl_client algoctl_client;

typedef struct {
  size_t size;
  const char* home;     /* folder of registry and store; the library reads no environment */
  const char* registry; /* path or `sqlite:` URL of one that must be there; else the home's */
  const char* store;    /* path or `file:` URL; else what the registry remembers */
  const char* cache;    /* folder of views and stamps; else nothing is remembered */
  const char* actor;    /* who is written down for what changes */
  int64_t cache_size;   /* bytes; 0: 10 GiB */
  int64_t timeout_ms;   /* longest wait for a lock; 0: 30000; negative: none */
  int allow_network_filesystem;
  const char* const* environment; /* `NAME=VALUE` each, then NULL, as environ(7) is: where stores
                                     on servers find credentials and proxies. Copied; NULL: none */
} algoctl_client_options;

ALGOCTL_EXPORT int algoctl_client_open(const algoctl_client_options* options,
                                       algoctl_client** client, algoctl_error** error);
ALGOCTL_EXPORT void algoctl_client_close(algoctl_client* client);

/* Writes `folder/algorithm.json`, unless it is there for the same algorithm. */
ALGOCTL_EXPORT int algoctl_init(algoctl_client* client, const char* algorithm, const char* folder,
                                algoctl_error** error);

typedef struct {
  size_t size;
  algoctl_memory* memory;
  const char* algorithm;
  const char* version;          /* null for a label */
  const char* sha256;           /* `sha256:<hex>` of the manifest, or of the label's bytes */
  const char* previous;         /* may be null */
  const char* published_by;     /* null for a label */
  const char* notes;            /* null for a label */
  const char* yank_reason;      /* null unless yanked */
  const char* yank_replacement; /* may be null */
  int64_t time;                 /* published, or moved: milliseconds since 1970, UTC */
} algoctl_resolved;

/* Which version `owner/name@SELECTOR` means, or which bytes `data://owner/name/LABEL` does. */
ALGOCTL_EXPORT int algoctl_resolve(algoctl_client* client, const char* reference, int prereleases,
                                   algoctl_resolved* result, algoctl_error** error);

/* In arrays of pointers, so that it can grow. */
typedef struct {
  size_t size;
  const char* slot; /* null for a label, or where no manifest was touched */
  const char* label;
  const char* path; /* of a pulled file: absolute; else null */
  const char* uri;
  const char* sha256; /* `sha256:<hex>` */
  int64_t bytes;
  int stored; /* of an upload: 0 when the store already had the bytes */
} algoctl_file;

typedef struct {
  size_t size;
  const char* const* slots; /* none: all */
  size_t slot_count;
  const char* into; /* copy to INTO/LABEL instead of a view in the cache */
  int prereleases;
} algoctl_pull_options;

typedef struct {
  size_t size;
  algoctl_memory* memory;
  const char* algorithm;
  const char* version; /* null for a label */
  const char* folder;  /* that holds the files under their labels' names */
  const char* yank_reason;
  const algoctl_file* const* files;
  size_t file_count;
} algoctl_pulled;

/* Verified local files. `options` may be null. */
ALGOCTL_EXPORT int algoctl_pull(algoctl_client* client, const char* reference,
                                const algoctl_pull_options* options, algoctl_pulled* result,
                                algoctl_error** error);

typedef struct {
  size_t size;
  const char* const* paths;
  const char* const* slots; /* null: `model`; as many as paths, each may be null */
  size_t path_count;
  const char* label;     /* of the only file; null: the file's name */
  const char* algorithm; /* null: the manifest's */
  const char* manifest;  /* path of the working manifest, which is repointed; null: none */
  const char* expect;    /* `sha256:<hex>` that the label names now, or `none` */
  int replace;           /* lets a label move to other bytes */
  int dry_run;
} algoctl_upload_options;

typedef struct {
  size_t size;
  algoctl_memory* memory;
  const algoctl_file* const* files;
  size_t file_count;
  const char* const* warnings;
  size_t warning_count;
} algoctl_uploaded;

ALGOCTL_EXPORT int algoctl_upload(algoctl_client* client, const algoctl_upload_options* options,
                                  algoctl_uploaded* result, algoctl_error** error);

#ifdef __cplusplus
}
#endif
