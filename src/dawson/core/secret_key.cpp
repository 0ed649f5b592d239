#include "dawson/core/secret_key.h"

#include <fcntl.h>
#include <sodium.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

#include "dawson/core/error.h"

namespace dawson::core {
namespace {

namespace fs = std::filesystem;

/// Before the key's 64 hexadecimal digits.
constexpr std::string_view mark = "dawson key 1\n";
/// Before what was sealed.
constexpr std::string_view sealed_mark = "dawson sealed 1\n";

void begin_sodium() {
  if (sodium_init() < 0) throw Error(ExitCode::defect, "libsodium cannot be used");
}

std::array<std::uint8_t, 32> hmac(const std::array<std::uint8_t, 32>& key, std::string_view text) {
  std::array<std::uint8_t, 32> digest{};
  crypto_auth_hmacsha256(digest.data(), reinterpret_cast<const unsigned char*>(text.data()),
                         text.size(), key.data());
  return digest;
}

}  // namespace

SecretKey SecretKey::random() {
  begin_sodium();
  SecretKey key;
  randombytes_buf(key.bytes_.data(), key.bytes_.size());
  return key;
}

SecretKey SecretKey::read(const fs::path& file) {
  begin_sodium();
  std::ifstream in(file, std::ios::binary);
  if (!in) throw Error(ExitCode::input, "cannot be read", file.string());
  std::string text(mark.size() + 2 * 32 + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  SecretKey key;
  std::size_t length = 0;
  const char* end = nullptr;
  if (!text.starts_with(mark) ||
      sodium_hex2bin(key.bytes_.data(), key.bytes_.size(), text.data() + mark.size(),
                     text.size() - mark.size(), "\n", &length, &end) != 0 ||
      length != key.bytes_.size()) {
    throw Error(ExitCode::input, "holds no key", file.string(),
                "make one with dawson import --new-key FILE");
  }
  sodium_memzero(text.data(), text.size());
  return key;
}

void SecretKey::create(const fs::path& file) {
  const SecretKey key = random();
  std::string hex(2 * key.bytes_.size() + 1, '\0');
  sodium_bin2hex(hex.data(), hex.size(), key.bytes_.data(), key.bytes_.size());
  hex.back() = '\n';
  const std::string text = std::string(mark) + hex;
  const int out = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (out < 0) {
    const bool there = errno == EEXIST;
    throw Error(ExitCode::output, there ? "exists already" : std::strerror(errno), file.string(),
                there ? "a key is never written over" : "");
  }
  const bool written = ::write(out, text.data(), text.size()) == ssize_t(text.size());
  const bool kept = ::fsync(out) == 0;
  if (::close(out) != 0 || !written || !kept) {
    ::unlink(file.c_str());
    throw Error(ExitCode::output, "cannot be written", file.string());
  }
}

SecretKey::~SecretKey() {
  sodium_memzero(bytes_.data(), bytes_.size());
}

std::array<std::uint8_t, 32> SecretKey::digest(std::string_view purpose,
                                               std::string_view text) const {
  return hmac(hmac(bytes_, purpose), text);
}

std::string SecretKey::seal(std::string_view plain) const {
  const auto key = hmac(bytes_, "seal");
  std::string sealed(crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES + plain.size(), '\0');
  auto* bytes = reinterpret_cast<unsigned char*>(sealed.data());
  randombytes_buf(bytes, crypto_secretbox_NONCEBYTES);
  crypto_secretbox_easy(bytes + crypto_secretbox_NONCEBYTES,
                        reinterpret_cast<const unsigned char*>(plain.data()), plain.size(), bytes,
                        key.data());
  return std::string(sealed_mark) + sealed;
}

std::string SecretKey::open(std::string_view sealed) const {
  constexpr std::size_t extra = crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES;
  if (!sealed.starts_with(sealed_mark) || sealed.size() < sealed_mark.size() + extra) {
    throw Error(ExitCode::input, "was not sealed by dawson");
  }
  sealed.remove_prefix(sealed_mark.size());
  const auto key = hmac(bytes_, "seal");
  const auto* bytes = reinterpret_cast<const unsigned char*>(sealed.data());
  std::string plain(sealed.size() - extra, '\0');
  if (crypto_secretbox_open_easy(
          reinterpret_cast<unsigned char*>(plain.data()), bytes + crypto_secretbox_NONCEBYTES,
          sealed.size() - crypto_secretbox_NONCEBYTES, bytes, key.data()) != 0) {
    throw Error(ExitCode::input, "was sealed with another key, or was changed since");
  }
  return plain;
}

}  // namespace dawson::core
