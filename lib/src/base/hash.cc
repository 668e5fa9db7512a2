#include "base/hash.h"

// OpenSSL's own implementation without its providers: those cost a cold process a millisecond, most
// of it for reading a configuration that says nothing of SHA-256 or MD5.
#define OPENSSL_API_COMPAT 10101
#include <openssl/evp.h>
#include <openssl/md5.h>
#include <openssl/sha.h>
#include <sys/random.h>

#include <cerrno>
#include <string>

#include "algoctl/error.h"
#include "base/file.h"

namespace algoctl {
namespace {

void require(int result, const char* what = "a SHA-256") {
  if (result != 1) throw Error(Code::internal, std::string("OpenSSL cannot compute ") + what);
}

}  // namespace

struct Sha256::State {
  SHA256_CTX context;
};

Sha256::Sha256() : state_(std::make_unique<State>()) { require(SHA256_Init(&state_->context)); }

Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

void Sha256::update(const void* data, std::size_t size) {
  require(SHA256_Update(&state_->context, data, size));
}

Sha256::Bytes Sha256::finish() {
  Bytes bytes{};
  require(SHA256_Final(bytes.data(), &state_->context));
  return bytes;
}

struct Md5::State {
  MD5_CTX context;
};

Md5::Md5() : state_(std::make_unique<State>()) { require(MD5_Init(&state_->context), "an MD5"); }

Md5::~Md5() = default;
Md5::Md5(Md5&&) noexcept = default;

void Md5::update(const void* data, std::size_t size) {
  require(MD5_Update(&state_->context, data, size), "an MD5");
}

std::string Md5::finish() {
  std::string bytes(MD5_DIGEST_LENGTH, '\0');
  require(MD5_Final(reinterpret_cast<unsigned char*>(bytes.data()), &state_->context), "an MD5");
  return to_hex(bytes);
}

// By hand, because OpenSSL's own HMAC asks its providers.
std::string hmac_sha256(std::string_view key, std::string_view bytes) {
  const auto sha256 = [](std::string_view first, std::string_view second) {
    Sha256 hash;
    hash.update(first);
    hash.update(second);
    const Sha256::Bytes digest = hash.finish();
    return std::string(digest.begin(), digest.end());
  };
  std::string block = key.size() > SHA256_CBLOCK ? sha256(key, {}) : std::string(key);
  block.resize(SHA256_CBLOCK);
  std::string inner = block;
  std::string outer = block;
  for (char& c : inner) c = static_cast<char>(c ^ 0x36);
  for (char& c : outer) c = static_cast<char>(c ^ 0x5c);
  return sha256(outer, sha256(inner, bytes));
}

std::string sha256_hex(std::string_view bytes) {
  Sha256 hash;
  hash.update(bytes);
  const Sha256::Bytes digest = hash.finish();
  return to_hex({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

std::string random_bytes(std::size_t count) {
  std::string bytes(count, '\0');
  std::size_t done = 0;
  while (done < count) {
    const ssize_t got = getrandom(bytes.data() + done, count - done, 0);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw_errno("cannot read random bytes", errno);
    done += static_cast<std::size_t>(got);
  }
  return bytes;
}

std::string to_hex(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    out += kDigits[byte / 16U];
    out += kDigits[byte % 16U];
  }
  return out;
}

std::string to_base64(std::string_view bytes) {
  // EVP_EncodeBlock ends what it writes with NUL.
  std::string out((bytes.size() + 2) / 3 * 4 + 1, '\0');
  EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                  reinterpret_cast<const unsigned char*>(bytes.data()),
                  static_cast<int>(bytes.size()));
  out.pop_back();
  return out;
}

std::optional<std::string> from_base64(std::string_view text) {
  if (text.empty()) return std::string();
  const std::size_t padding = text.size() - (text.find_last_not_of('=') + 1);
  if (text.size() % 4 != 0 || padding > 2) return std::nullopt;
  std::string out(text.size() / 4 * 3, '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                   reinterpret_cast<const unsigned char*>(text.data()),
                                   static_cast<int>(text.size()));
  if (size < 0) return std::nullopt;
  out.resize(out.size() - padding);
  // It takes blanks, padding in the middle and bits that no byte has: only what would be written.
  if (to_base64(out) != text) return std::nullopt;
  return out;
}

}  // namespace algoctl
