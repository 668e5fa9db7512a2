#pragma once

#include "algoctl/c.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  size_t size;
  const char* manifest;   /* path of the working manifest */
  const char* bump;       /* `major`, `minor`, `patch` */
  const char* version;    /* this number */
  const char* prerelease; /* `rc`: X.Y.Z-rc.N */
  const char* line;       /* `X.Y` */
  const char* notes;
  const char* expect;          /* the newest version, or `none`; else a conflict */
  const char* idempotency_key; /* same key and request: same answer, for ever */
  const char* const* channels; /* that are to name the version, in the same transaction */
  size_t channel_count;
  const char* const* metadata; /* key, value, key, value, ... */
  size_t metadata_count;       /* of keys */
  int allow_duplicate;
  int force; /* although the working copy is stale */
  int dry_run;
} algoctl_publish_options;

typedef struct {
  size_t size;
  algoctl_memory* memory;
  const char* algorithm;
  const char* version;
  const char* previous;        /* may be null */
  const char* sha256;          /* `sha256:<hex>` of the manifest */
  const char* const* channels; /* that name the version now */
  size_t channel_count;
  const char* const* warnings;
  size_t warning_count;
  int created; /* 0 when the version was there already */
} algoctl_published;

/* Inserts the next version from the working manifest, or finds that it is there already. */
ALGOCTL_EXPORT int algoctl_publish(algoctl_client* client, const algoctl_publish_options* options,
                                   algoctl_published* result, algoctl_error** error);

typedef struct {
  size_t size;
  const char* reference; /* the version to name */
  const char* channel;
  const char* expect; /* the version that it names now, or `none`; else a conflict */
  const char* why;
  const char* const* require; /* conditions on the version's metadata: `accuracy>=@stable` */
  size_t require_count;
  int prereleases;  /* ranges and `latest` admit prereleases */
  int force;        /* also to a lower version */
  int release_hold; /* end a hold first */
  int dry_run;
} algoctl_promote_options;

typedef struct {
  size_t size;
  algoctl_memory* memory;
  const char* algorithm;
  const char* channel;
  const char* version;  /* that it names now */
  const char* previous; /* may be null */
  const char* const* warnings;
  size_t warning_count;
  int moved; /* 0 when nothing changed */
  int held;
} algoctl_promoted;

/* Moves a channel to a version. */
ALGOCTL_EXPORT int algoctl_promote(algoctl_client* client, const algoctl_promote_options* options,
                                   algoctl_promoted* result, algoctl_error** error);

#ifdef __cplusplus
}
#endif
