#include "registry/manifests.h"

#include <set>

#include "algoctl/error.h"
#include "registry/roots.h"

namespace algoctl {

std::string manifest_bytes(Db& db, const Digest& digest) {
  Rows& rows = db.query("SELECT bytes FROM manifest WHERE digest = $1", {digest.hex()});
  if (!rows.next()) {
    throw Error(Code::integrity, "the registry has no manifest " + digest.str(),
                "the registry is damaged; restore it from a backup");
  }
  std::string bytes = rows.text(0);
  const Digest found = Digest::of(bytes);
  if (found != digest) {
    throw Error(Code::integrity,
                "a published manifest was changed in the registry\n  published: " + digest.str() +
                    "\n  found:     " + found.str(),
                "restore the registry from a backup");
  }
  return bytes;
}

void record_manifest(Db& db, const Digest& digest, const Digest& essence, const std::string& bytes,
                     const Manifest& manifest) {
  if (db.query("SELECT 1 FROM manifest WHERE digest = $1", {digest.hex()}).next()) return;
  db.run("INSERT INTO manifest (digest, essence, bytes) VALUES ($1, $2, $3)",
         {digest.hex(), essence.hex(), Parameter::blob(bytes)});
  std::set<Digest> objects;
  for (const ModelFile& model : manifest.models) objects.insert(model.sha256);
  for (const Digest& object : objects) {
    db.run("INSERT INTO manifest_object (manifest, object) VALUES ($1, $2)",
           {digest.hex(), object.hex()});
    take_from_trash(db, object);
  }
}

}  // namespace algoctl
