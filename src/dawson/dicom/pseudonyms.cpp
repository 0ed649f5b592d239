#include "dawson/dicom/pseudonyms.h"

#include <algorithm>

namespace dawson::dicom {
namespace {

constexpr int most_days_back = 3652;                            // ten years
constexpr char letters[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";  // Crockford's base 32

std::string decimal(unsigned __int128 value) {
  std::string text;
  do {
    text.push_back(static_cast<char>('0' + static_cast<int>(value % 10)));
    value /= 10;
  } while (value > 0);
  std::reverse(text.begin(), text.end());
  return text;
}

}  // namespace

std::string Pseudonyms::person(const std::string& person) const {
  const auto digest = key_.digest("person", person);
  std::string name = "P";
  for (std::size_t i = 0; i < 12; ++i) name.push_back(letters[digest[i] % 32]);
  return name;
}

std::string Pseudonyms::uid(const std::string& uid) const {
  auto digest = key_.digest("uid", uid);
  digest[6] = static_cast<std::uint8_t>((digest[6] & 0x0FU) | 0x80U);  // version 8 (RFC 9562)
  digest[8] = static_cast<std::uint8_t>((digest[8] & 0x3FU) | 0x80U);  // variant
  unsigned __int128 value = 0;
  for (std::size_t i = 0; i < 16; ++i) value = (value << 8U) | digest[i];
  return "2.25." + decimal(value);
}

int Pseudonyms::days_back(const std::string& person) const {
  const auto digest = key_.digest("dates", person);
  unsigned value = 0;
  for (std::size_t i = 0; i < 4; ++i) value = (value << 8U) | digest[i];
  return 1 + static_cast<int>(value % most_days_back);
}

}  // namespace dawson::dicom
