#include "dawson/core/hash.h"

#include <sodium.h>

#include <array>
#include <fstream>
#include <vector>

#include "dawson/core/error.h"

namespace dawson::core {
namespace {

class Sha256 {
 public:
  Sha256() { crypto_hash_sha256_init(&state_); }
  void add(const void* data, std::size_t size) {
    crypto_hash_sha256_update(&state_, static_cast<const unsigned char*>(data), size);
  }
  std::string hex() {
    std::array<unsigned char, crypto_hash_sha256_BYTES> digest{};
    crypto_hash_sha256_final(&state_, digest.data());
    std::string text(2 * digest.size() + 1, '\0');
    sodium_bin2hex(text.data(), text.size(), digest.data(), digest.size());
    text.pop_back();
    return text;
  }

 private:
  crypto_hash_sha256_state state_{};
};

}  // namespace

std::string sha256(const void* data, std::size_t size) {
  Sha256 hash;
  hash.add(data, size);
  return hash.hex();
}

std::string sha256(std::string_view text) {
  return sha256(text.data(), text.size());
}

std::string sha256_file(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw Error(ExitCode::input, "cannot be read", file.string());
  Sha256 hash;
  std::vector<char> buffer(1U << 20U);
  while (in) {
    in.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
    hash.add(buffer.data(), static_cast<std::size_t>(in.gcount()));
  }
  if (in.bad()) throw Error(ExitCode::input, "could not be read to its end", file.string());
  return hash.hex();
}

}  // namespace dawson::core
