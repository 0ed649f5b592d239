// A secret from which pseudonyms follow, and which seals what only its owner may read.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace dawson::core {

/// 32 random bytes. Whoever has them can say whose pseudonym is whose; nobody else can.
class SecretKey {
 public:
  /// A key that is in no file: what follows from it is the same for this run alone.
  static SecretKey random();
  /// Throws Error{input} when the file cannot be read or holds no key of dawson.
  static SecretKey read(const std::filesystem::path& file);
  /// Writes a new key, for its owner's eyes alone (mode 0600). Throws Error{output} when it cannot
  /// be written or is there already: a key that is lost cannot be made again.
  static void create(const std::filesystem::path& file);

  ~SecretKey();
  SecretKey(const SecretKey&) = default;
  SecretKey& operator=(const SecretKey&) = default;

  /// HMAC-SHA256 (RFC 2104) of `text`, under a key of its own for each purpose.
  [[nodiscard]] std::array<std::uint8_t, 32> digest(std::string_view purpose,
                                                    std::string_view text) const;
  /// Encrypted and authenticated (XSalsa20-Poly1305, libsodium's secretbox), a new nonce each time.
  [[nodiscard]] std::string seal(std::string_view plain) const;
  /// What was sealed. Throws Error{input} when it was not sealed with this key, or was changed.
  [[nodiscard]] std::string open(std::string_view sealed) const;

 private:
  SecretKey() = default;
  std::array<std::uint8_t, 32> bytes_{};
};

}  // namespace dawson::core
