#include "dawson/nn/stored_zip.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "dawson/core/error.h"

namespace dawson::nn {
namespace {

constexpr std::uint64_t longest_directory = 64U << 20U;
constexpr std::uint64_t in_zip64 = 0xFFFFFFFF;  // "look into the zip64 field"

std::uint64_t number(std::string_view bytes, std::size_t place, std::size_t count) {
  std::uint64_t value = 0;
  for (std::size_t i = count; i-- > 0;) {
    value = value << 8U | static_cast<unsigned char>(bytes[place + i]);
  }
  return value;
}

/// CRC-32 of ISO 3309, the polynomial reversed.
std::uint32_t check_sum(const char* bytes, std::uint64_t count) {
  static const std::array<std::uint32_t, 256> table = [] {
    std::array<std::uint32_t, 256> made{};
    for (std::uint32_t i = 0; i < made.size(); ++i) {
      std::uint32_t value = i;
      for (int bit = 0; bit < 8; ++bit) value = value >> 1U ^ (value & 1U ? 0xEDB88320U : 0U);
      made[i] = value;
    }
    return made;
  }();
  std::uint32_t sum = ~0U;
  for (std::uint64_t i = 0; i < count; ++i) {
    sum = sum >> 8U ^ table[(sum ^ static_cast<unsigned char>(bytes[i])) & 0xFFU];
  }
  return ~sum;
}

/// The 64-bit forms of sizes and place stand in an extra field of kind 1, each only where its
/// 32-bit form is full.
bool widen(std::string_view extra, std::array<std::uint64_t*, 3> values) {
  std::string_view field;
  while (extra.size() >= 4) {
    const std::uint64_t kind = number(extra, 0, 2), bytes = number(extra, 2, 2);
    if (bytes > extra.size() - 4) return false;
    if (kind == 1) field = extra.substr(4, bytes);
    extra.remove_prefix(4 + bytes);
  }
  for (std::uint64_t* value : values) {
    if (*value != in_zip64) continue;
    if (field.size() < 8) return false;
    *value = number(field, 0, 8);
    field.remove_prefix(8);
  }
  return true;
}

}  // namespace

void StoredZip::refuse(const std::string& why) const {
  throw Error(ExitCode::model, why, file_.string());
}

StoredZip::StoredZip(const std::filesystem::path& file) : file_(file), in_(file, std::ios::binary) {
  std::error_code error;
  size_ = std::filesystem::file_size(file, error);
  if (error || !in_) refuse("cannot be read");
  read_directory();
}

std::string StoredZip::bytes_at(std::uint64_t place, std::uint64_t count) {
  if (place > size_ || count > size_ - place) refuse("the file is truncated");
  std::string bytes(count, '\0');
  in_.seekg(static_cast<std::streamoff>(place));
  if (!in_.read(bytes.data(), static_cast<std::streamsize>(count))) refuse("cannot be read");
  return bytes;
}

void StoredZip::read_directory() {
  constexpr std::uint64_t end_bytes = 22, longest_comment = 65535, locator_bytes = 20;
  const std::uint64_t tail = std::min(size_, end_bytes + longest_comment);
  const std::string last = bytes_at(size_ - tail, tail);
  const std::size_t end = last.rfind("PK\x05\x06");
  // The directory stands at the end: without it, the file was cut.
  if (end == std::string::npos || last.size() - end < end_bytes) refuse("the file is truncated");
  std::uint64_t count = number(last, end + 10, 2);
  std::uint64_t bytes = number(last, end + 12, 4);
  std::uint64_t place = number(last, end + 16, 4);
  if (end >= locator_bytes && last.compare(end - locator_bytes, 4, "PK\x06\x07") == 0) {
    const std::string wide = bytes_at(number(last, end - locator_bytes + 8, 8), 56);
    if (wide.compare(0, 4, "PK\x06\x06") != 0) refuse("is a damaged zip archive");
    count = number(wide, 32, 8);
    bytes = number(wide, 40, 8);
    place = number(wide, 48, 8);
  }
  if (bytes > longest_directory) refuse("is a zip archive with too large a directory");
  const std::string directory = bytes_at(place, bytes);
  std::string_view rest = directory;
  std::uint64_t all = 0;  // entries that lie over each other could add up to any size
  for (std::uint64_t i = 0; i < count; ++i) {
    if (rest.size() < 46 || rest.substr(0, 4) != "PK\x01\x02") refuse("is a damaged zip archive");
    const std::uint64_t name_bytes = number(rest, 28, 2), extra_bytes = number(rest, 30, 2);
    const std::uint64_t whole = 46 + name_bytes + extra_bytes + number(rest, 32, 2);
    if (whole > rest.size()) refuse("is a damaged zip archive");
    const std::string name(rest.substr(46, name_bytes));
    const bool encrypted = (number(rest, 8, 2) & 1U) != 0, compressed = number(rest, 10, 2) != 0;
    if (encrypted || compressed) {
      refuse("is a zip archive that is compressed or encrypted, which torch does not write");
    }
    Entry entry{number(rest, 42, 4), number(rest, 24, 4),
                static_cast<std::uint32_t>(number(rest, 16, 4))};
    std::uint64_t packed = number(rest, 20, 4);
    if (!widen(rest.substr(46 + name_bytes, extra_bytes), {&entry.bytes, &packed, &entry.header}) ||
        packed != entry.bytes || entry.bytes > size_ || (all += entry.bytes) > size_) {
      refuse("is a damaged zip archive");
    }
    if (!entries_.emplace(name, entry).second) refuse("is a zip archive with two entries alike");
    rest.remove_prefix(whole);
  }
}

void StoredZip::read(const std::string& name, char* target) {
  const Entry& entry = entries_.at(name);
  const std::string header = bytes_at(entry.header, 30);
  if (header.compare(0, 4, "PK\x03\x04") != 0) refuse("is a damaged zip archive");
  // The local header's extra field is padding: torch lets data begin at multiples of 64.
  const std::uint64_t place =
      entry.header + header.size() + number(header, 26, 2) + number(header, 28, 2);
  if (place > size_ || entry.bytes > size_ - place) refuse("the file is truncated");
  in_.seekg(static_cast<std::streamoff>(place));
  if (!in_.read(target, static_cast<std::streamsize>(entry.bytes))) refuse("cannot be read");
  if (check_sum(target, entry.bytes) != entry.check_sum) {
    refuse("is damaged: the check sum of " + name.substr(0, 80) + " differs");
  }
}

}  // namespace dawson::nn
