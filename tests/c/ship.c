/* ship FOLDER: publishes a model, follows it, retrains it, and serves the new one. C99, with
   nothing but the public headers. */

#include <algoctl/c_model.h>
#include <algoctl/c_publish.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void check(int code, algoctl_error* error, const char* what) {
  if (code == ALGOCTL_OK) return;
  fprintf(stderr, "ship: %s: %d: %s\n", what, code, algoctl_error_message(error));
  algoctl_error_free(error);
  exit(1);
}

static void expect(int holds, const char* what) {
  if (holds) return;
  fprintf(stderr, "ship: failed: %s\n", what);
  exit(1);
}

/* A model is the first byte of its file. */
static void* load(void* user, const algoctl_files* files, algoctl_failure* failure) {
  const algoctl_file* only = algoctl_files_at(files, 0);
  FILE* file = only == NULL ? NULL : fopen(only->path, "rb");
  char* model = file == NULL ? NULL : malloc(1);
  if (model == NULL || fread(model, 1, 1, file) != 1) algoctl_fail(failure, "cannot read it");
  if (file != NULL) fclose(file);
  ++*(int*)user;
  return model;
}

static void unload(void* user, void* model) {
  --*(int*)user;
  free(model);
}

static void ship(algoctl_client* client, const char* folder, const char* bytes) {
  char path[4096];
  char manifest[4096];
  const char* paths[1];
  const char* slots[1] = {"model"};
  algoctl_upload_options upload = {sizeof upload};
  algoctl_uploaded uploaded = {sizeof uploaded};
  algoctl_publish_options publish = {sizeof publish};
  algoctl_published published = {sizeof published};
  algoctl_error* error = NULL;
  FILE* file;
  snprintf(path, sizeof path, "%s/%s.bin", folder, bytes);
  snprintf(manifest, sizeof manifest, "%s/algorithm.json", folder);
  file = fopen(path, "wb");
  expect(file != NULL && fputs(bytes, file) >= 0 && fclose(file) == 0, "the file is written");
  paths[0] = path;
  upload.paths = paths;
  upload.slots = slots;
  upload.path_count = 1;
  upload.manifest = manifest;
  check(algoctl_upload(client, &upload, &uploaded, &error), error, "upload");
  expect(uploaded.file_count == 1 && uploaded.files[0]->stored, "one file is stored");
  algoctl_memory_free(uploaded.memory);
  publish.manifest = manifest;
  check(algoctl_publish(client, &publish, &published, &error), error, "publish");
  algoctl_memory_free(published.memory);
}

int main(int count, char** words) {
  const char* folder = count > 1 ? words[1] : ".";
  char home[4096];
  char cache[4096];
  int loaded = 0;
  algoctl_client_options options = {sizeof options};
  algoctl_model_options following = {sizeof following};
  algoctl_borrow borrow = {sizeof borrow};
  algoctl_client* client = NULL;
  algoctl_model* model = NULL;
  algoctl_error* error = NULL;
  snprintf(home, sizeof home, "%s/home", folder);
  snprintf(cache, sizeof cache, "%s/cache", folder);
  options.home = home;
  options.cache = cache;
  options.actor = "ship";
  check(algoctl_client_open(&options, &client, &error), error, "open");
  check(algoctl_init(client, "acme/sentiment", folder, &error), error, "init");
  ship(client, folder, "first");

  following.user = &loaded;
  following.load = load;
  following.unload = unload;
  check(algoctl_model_open(client, "acme/sentiment@^1", &following, &model, &error), error,
        "model");
  algoctl_model_get(model, &borrow);
  expect(*(const char*)borrow.model == 'f' && strcmp(borrow.version, "1.0.0") == 0, "the first");
  algoctl_borrow_release(&borrow);
  ship(client, folder, "second");
  check(algoctl_model_get_at_least(model, ">=1.1.0", 30000, &borrow, &error), error, "get");
  expect(*(const char*)borrow.model == 's', "the second");
  algoctl_borrow_release(&borrow);
  expect(algoctl_model_wait_for(model, "2.0.0", 0, NULL) == ALGOCTL_BUSY, "2.0.0 is not there");
  algoctl_model_close(model);
  expect(loaded == 0, "each model is unloaded");
  algoctl_client_close(client);
  printf("served what was published, algoctl %s\n", algoctl_version());
  return 0;
}
