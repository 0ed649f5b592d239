#include "dawson/volume/nifti_remarks.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <string_view>

#include "dawson/core/error.h"
#include "dawson/volume/byte_source.h"
#include "dawson/volume/nifti_header.h"

namespace dawson::volume {
namespace {

struct Field {
  const char* name;
  std::size_t at, length;
};

/// What this program writes as its description.
constexpr std::string_view own_mark = "dawson";

/// Texts of the headers (nifti1.h and nifti2.h, Cox et al., 2004, 2011).
constexpr std::array<Field, 5> fields1{{{"data_type", 4, 10},
                                        {"db_name", 14, 18},
                                        {"descrip", 148, 80},
                                        {"aux_file", 228, 24},
                                        {"intent_name", 328, 16}}};
constexpr std::array<Field, 4> fields2{{{"descrip", 240, 80},
                                        {"aux_file", 320, 24},
                                        {"intent_name", 508, 16},
                                        {"unused_str", 525, 15}}};

template <std::size_t N>
void add_texts(const std::array<Field, N>& fields, const std::vector<std::uint8_t>& header,
               std::vector<std::string>& remarks) {
  for (const Field& field : fields) {
    const auto from = header.begin() + static_cast<std::ptrdiff_t>(field.at);
    const auto to = from + static_cast<std::ptrdiff_t>(field.length);
    std::string text(from, to);
    text.erase(text.find_last_not_of('\0') + 1);
    if (!text.empty() && text != own_mark) remarks.emplace_back(field.name);
  }
}

/// RFC 1952: flags of what stands between the header and the compressed data.
void add_gzip_fields(const std::filesystem::path& file, std::vector<std::string>& remarks) {
  std::array<char, 4> head{};
  std::ifstream(file, std::ios::binary).read(head.data(), head.size());
  const auto flags = static_cast<unsigned char>(head[3]);
  if ((flags & 4U) != 0) remarks.emplace_back("extra field");
  if ((flags & 8U) != 0) remarks.emplace_back("name");
  if ((flags & 16U) != 0) remarks.emplace_back("comment");
}

std::uint64_t bytes_a_voxel(const std::vector<std::uint8_t>& header, const HeaderKind& kind) {
  std::uint16_t bits = 0;
  std::memcpy(&bits, header.data() + (kind.version == 1 ? 72 : 14), sizeof bits);
  if (kind.swapped) bits = static_cast<std::uint16_t>(bits << 8U | bits >> 8U);
  return bits / 8U;
}

}  // namespace

std::vector<std::string> nifti_remarks(const std::filesystem::path& file) {
  ByteSource source(file);
  std::vector<std::uint8_t> header(4);
  const auto refuse = [&file] { throw Error(ExitCode::input, "is no NIfTI file", file.string()); };
  if (source.read(header.data(), 4) < 4) refuse();
  const HeaderKind kind = header_kind({header[0], header[1], header[2], header[3]});
  if (kind.version == 0) refuse();
  const std::size_t length = kind.version == 1 ? nifti1_bytes : nifti2_bytes;
  header.resize(length);
  if (source.read(header.data() + 4, length - 4) < length - 4) refuse();
  const RawHeader raw = decode_header(header, kind, file.string());

  std::vector<std::string> remarks;
  if (source.is_gzip()) add_gzip_fields(file, remarks);
  if (kind.version == 1) {
    add_texts(fields1, header, remarks);
  } else {
    add_texts(fields2, header, remarks);
  }
  // Between header and image stand four bytes, and extensions where the first of them says so.
  const std::uint64_t begin = raw.vox_offset > 0 ? std::uint64_t(raw.vox_offset) : length + 4;
  std::uint64_t count = begin > length ? begin - length : 0;
  std::vector<std::uint8_t> between(static_cast<std::size_t>(std::min<std::uint64_t>(count, 4096)));
  const std::size_t read = source.read(between.data(), between.size());
  if (count > 4 ||
      std::any_of(between.begin(), between.end(), [](std::uint8_t b) { return b != 0; })) {
    remarks.emplace_back("extension");
  }
  (void)source.skip(count - read);
  count = bytes_a_voxel(header, kind);
  for (std::int64_t d = 1; d <= std::clamp<std::int64_t>(raw.dim[0], 0, 7); ++d) {
    count *= std::uint64_t(std::max<std::int64_t>(1, raw.dim[std::size_t(d)]));
  }
  std::uint8_t more = 0;
  if (source.skip(count) == count && source.read(&more, 1) == 1) {
    remarks.emplace_back("bytes after the image");
  }
  if (source.trailing_bytes()) remarks.emplace_back("bytes after the compressed data");
  return remarks;
}

}  // namespace dawson::volume
