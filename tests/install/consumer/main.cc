// Ships a model and gets it back, with nothing but the public headers.

#include <algoctl/algoctl.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

namespace fs = std::filesystem;

namespace {

// A folder that is gone in the end, whatever happens between.
struct Folder {
  explicit Folder(std::string pattern) : path(std::move(pattern)) {
    if (mkdtemp(path.data()) == nullptr) throw std::runtime_error("no temporary folder");
  }
  ~Folder() {
    std::error_code ignored;
    fs::remove_all(path, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::string path;
};

std::string read(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void check(bool holds, const char* what) {
  if (!holds) throw std::runtime_error(std::string("failed: ") + what);
}

void run(const std::string& folder) {
  const std::string bytes("weights\0of February", 19);
  const std::string file = folder + "/mymodel-201902.pkl";
  std::ofstream(file, std::ios::binary) << bytes;

  algoctl::ClientOptions options;
  options.home = folder + "/home";
  options.cache = folder + "/cache";
  options.actor = "consumer";
  algoctl::Client client(options);

  const auto algorithm = algoctl::Algorithm::parse("acme/sentiment");
  const std::string manifest = client.init(algorithm, folder);

  algoctl::UploadOptions upload;
  upload.files = {algoctl::Source::parse(file)};
  upload.manifest = manifest;
  const auto uploaded = client.upload(upload);
  check(uploaded.files.size() == 1, "one file uploaded");
  check(uploaded.files[0].sha256 == algoctl::Digest::of(bytes), "digest of the upload");

  algoctl::PublishOptions publish;
  publish.manifest = manifest;
  check(client.publish(publish).version == algoctl::Version(1, 0, 0), "first version");

  const auto reference = algoctl::Reference::parse("acme/sentiment@^1");
  const auto resolved = client.resolve(reference);
  check(resolved && resolved->version.str() == "1.0.0", "resolve");

  const auto pulled = client.pull(reference);
  check(pulled.files.size() == 1, "one file pulled");
  check(read(pulled.files[0].path) == bytes, "bytes of the pull");

  // An error of the library is caught by its type, across the library's border.
  try {
    client.require(algoctl::Reference::parse("acme/sentiment@2.0.0"));
    check(false, "2.0.0 is not there");
  } catch (const algoctl::Error& error) {
    check(error.code() == algoctl::Code::not_found, "code of the error");
  }
}

}  // namespace

int main() {
  try {
    const Folder folder((fs::temp_directory_path() / "algoctl-consumer-XXXXXX").string());
    run(folder.path);
    std::cout << "pulled what was published, algoctl " << algoctl::library_version() << "\n";
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "consumer: " << error.what() << "\n";
    return 1;
  }
}
