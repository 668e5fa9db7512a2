#include "http/module.h"

#include <dlfcn.h>
#include <link.h>
#include <unistd.h>

#include <array>

#include "algoctl/error.h"
#include "base/text.h"

namespace algoctl::http {
namespace {

constexpr const char* kName = ALGOCTL_HTTP_MODULE;
// Unloading would take code away from libcurl's and OpenSSL's handlers at exit.
constexpr int kMode = RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE;

/// The folder of the program or shared library that holds this function.
std::string own_folder() {
  Dl_info info{};
  link_map* map = nullptr;
  std::string path;
  void* here = reinterpret_cast<void*>(&own_folder);
  if (dladdr1(here, &info, reinterpret_cast<void**>(&map), RTLD_DL_LINKMAP) != 0 &&
      map != nullptr && map->l_name != nullptr) {
    path = map->l_name;
  }
  if (path.empty()) {  // the program itself, whose name is what its caller chose
    std::array<char, 4096> target{};
    const ssize_t size = readlink("/proc/self/exe", target.data(), target.size());
    if (size > 0) path.assign(target.data(), static_cast<std::size_t>(size));
  }
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? "." : path.substr(0, slash);
}

const AlgoctlHttpModule& entered(void* handle, const std::string& path) {
  const auto entry = reinterpret_cast<AlgoctlHttpEntry>(dlsym(handle, "algoctl_http_module"));
  const AlgoctlHttpModule* module = entry == nullptr ? nullptr : entry();
  if (module == nullptr || module->version != kAlgoctlHttpVersion) {
    throw Error(Code::storage,
                "cannot use " + quoted_path(path) + ": it belongs to another version",
                "install the one that came with this version of algoctl");
  }
  return *module;
}

std::string loader_error() {
  const char* text = dlerror();
  return printable(text == nullptr ? "no reason given" : text);
}

}  // namespace

std::vector<std::string> module_places(const std::string& folder) {
  std::vector<std::string> places = {folder + "/" + kName, folder + "/../lib/" + kName};
  const std::string libdir = ALGOCTL_LIBDIR;
  if (libdir != "lib") places.push_back(folder + "/../" + libdir + "/" + kName);
  return places;
}

const AlgoctlHttpModule& load_module(const std::vector<std::string>& places) {
  for (const std::string& path : places) {
    if (access(path.c_str(), F_OK) != 0) continue;
    if (void* handle = dlopen(path.c_str(), kMode)) return entered(handle, path);
    // The loader's words begin with the file that is missing, which may be libcurl.
    throw Error(Code::storage, "cannot load " + quoted_path(path) + ": " + loader_error(),
                "install what it needs (libcurl 7.87 or later); `ldd` lists it");
  }
  if (void* handle = dlopen(kName, kMode)) return entered(handle, kName);
  throw Error(Code::storage, std::string("cannot speak HTTP: there is no ") + kName,
              "install it as " + quoted_path(places.back()));
}

const AlgoctlHttpModule& load_module() { return load_module(module_places(own_folder())); }

}  // namespace algoctl::http
