#include "dawson/volume/nifti_header.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <string_view>

#include "dawson/core/error.h"

namespace dawson::volume {

namespace {

// Where fields lie, in bytes (nifti1.h and nifti2.h, Cox et al. 2004, 2011).
struct Layout {
  std::size_t magic, dim, datatype, bitpix, pixdim, vox_offset, scl_slope, scl_inter, xyzt_units,
      descrip, qform_code, sform_code, quaternion, qoffset, srow;
};
constexpr Layout nifti1_layout{344, 40,  70,  72,  76,  108, 112, 116,
                               123, 148, 252, 254, 256, 268, 280};
constexpr Layout nifti2_layout{4,   16,  12,  14,  104, 168, 176, 184,
                               500, 240, 344, 348, 352, 376, 400};

constexpr std::string_view magic1{"n+1\0", 4};
constexpr std::string_view magic1_pair{"ni1\0", 4};
constexpr std::string_view magic2{"n+2\0\r\n\032\n", 8};
constexpr std::string_view magic2_pair{"ni2\0\r\n\032\n", 8};

template <typename T>
T read_as(const std::vector<std::uint8_t>& bytes, std::size_t at, bool swapped) {
  std::array<std::uint8_t, sizeof(T)> raw{};
  std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(at), sizeof(T), raw.begin());
  if (swapped) std::reverse(raw.begin(), raw.end());
  T value;
  std::memcpy(&value, raw.data(), sizeof(T));
  return value;
}

template <typename T>
void write_as(std::vector<std::uint8_t>& bytes, std::size_t at, double value) {
  const T stored = static_cast<T>(value);
  std::memcpy(bytes.data() + at, &stored, sizeof(T));
}

/// Field access in the widths of the version: NIfTI-1 has int16 and float, NIfTI-2 int64 and
/// double.
class Reader {
 public:
  Reader(const std::vector<std::uint8_t>& bytes, HeaderKind kind) : bytes_(bytes), kind_(kind) {}

  [[nodiscard]] double real(std::size_t at, std::size_t index = 0) const {
    return kind_.version == 1 ? read_as<float>(bytes_, at + 4 * index, kind_.swapped)
                              : read_as<double>(bytes_, at + 8 * index, kind_.swapped);
  }
  [[nodiscard]] std::int64_t size(std::size_t at, std::size_t index) const {
    return kind_.version == 1 ? read_as<std::int16_t>(bytes_, at + 2 * index, kind_.swapped)
                              : read_as<std::int64_t>(bytes_, at + 8 * index, kind_.swapped);
  }
  [[nodiscard]] int code(std::size_t at) const {
    return kind_.version == 1 ? read_as<std::int16_t>(bytes_, at, kind_.swapped)
                              : read_as<std::int32_t>(bytes_, at, kind_.swapped);
  }

 private:
  const std::vector<std::uint8_t>& bytes_;
  HeaderKind kind_;
};

class Writer {
 public:
  explicit Writer(int version)
      : version_(version), bytes_((version == 1 ? nifti1_bytes : nifti2_bytes) + 4) {}

  void real(std::size_t at, std::size_t index, double value) {
    version_ == 1 ? write_as<float>(bytes_, at + 4 * index, value)
                  : write_as<double>(bytes_, at + 8 * index, value);
  }
  void size(std::size_t at, std::size_t index, int value) {
    version_ == 1 ? write_as<std::int16_t>(bytes_, at + 2 * index, value)
                  : write_as<std::int64_t>(bytes_, at + 8 * index, value);
  }
  void code(std::size_t at, int value) {
    version_ == 1 ? write_as<std::int16_t>(bytes_, at, value)
                  : write_as<std::int32_t>(bytes_, at, value);
  }
  void text(std::size_t at, std::string_view value) {
    std::copy(value.begin(), value.end(), bytes_.begin() + static_cast<std::ptrdiff_t>(at));
  }
  std::vector<std::uint8_t>& bytes() { return bytes_; }

 private:
  int version_;
  std::vector<std::uint8_t> bytes_;
};

bool has(const std::vector<std::uint8_t>& bytes, std::size_t at, std::string_view text) {
  return std::equal(text.begin(), text.end(), bytes.begin() + static_cast<std::ptrdiff_t>(at),
                    [](char a, std::uint8_t b) { return static_cast<std::uint8_t>(a) == b; });
}

void check_magic(const std::vector<std::uint8_t>& bytes, int version, const std::string& where) {
  const std::size_t at = version == 1 ? nifti1_layout.magic : nifti2_layout.magic;
  if (has(bytes, at, version == 1 ? magic1 : magic2)) return;
  if (has(bytes, at, version == 1 ? magic1_pair : magic2_pair)) {
    throw Error(ExitCode::input, "this is one half of a .hdr/.img pair, which is not read", where,
                "convert it to a single .nii.gz file");
  }
  throw Error(ExitCode::input, "the header has no NIfTI mark (it may be ANALYZE 7.5)", where,
              "convert it to .nii.gz");
}

bool fits_float(double value) {
  return std::isnan(value) || static_cast<double>(static_cast<float>(value)) == value;
}

bool fits_nifti1(const Index3& size, const NiftiGeometry& g) {
  constexpr int largest = 32767;
  bool fits = std::all_of(size.begin(), size.end(), [](int n) { return n <= largest; });
  fits = fits && std::abs(g.sform_code) <= largest && std::abs(g.qform_code) <= largest;
  const auto all = [&](const auto& values) {
    fits = fits && std::all_of(values.begin(), values.end(), fits_float);
  };
  for (const auto& row : g.sform) all(row);
  all(g.quaternion);
  all(g.qoffset);
  all(g.pixdim);
  return fits;
}

}  // namespace

HeaderKind header_kind(const std::array<std::uint8_t, 4>& first) {
  std::uint32_t size = 0;
  std::memcpy(&size, first.data(), 4);
  const std::uint32_t other = __builtin_bswap32(size);
  for (const bool swapped : {false, true}) {
    const std::uint32_t value = swapped ? other : size;
    if (value == nifti1_bytes) return {1, swapped};
    if (value == nifti2_bytes) return {2, swapped};
  }
  return {};
}

RawHeader decode_header(const std::vector<std::uint8_t>& bytes, HeaderKind kind,
                        const std::string& where) {
  check_magic(bytes, kind.version, where);
  const Layout& at = kind.version == 1 ? nifti1_layout : nifti2_layout;
  const Reader reader(bytes, kind);
  RawHeader h;
  h.version = kind.version;
  h.swapped = kind.swapped;
  for (std::size_t i = 0; i < 8; ++i) h.dim[i] = reader.size(at.dim, i);
  h.datatype = read_as<std::int16_t>(bytes, at.datatype, kind.swapped);
  h.vox_offset =
      kind.version == 1
          ? reader.real(at.vox_offset)
          : static_cast<double>(read_as<std::int64_t>(bytes, at.vox_offset, kind.swapped));
  h.scl_slope = reader.real(at.scl_slope);
  h.scl_inter = reader.real(at.scl_inter);

  NiftiGeometry& g = h.geometry;
  g.qform_code = reader.code(at.qform_code);
  g.sform_code = reader.code(at.sform_code);
  g.xyzt_units = kind.version == 1 ? bytes[at.xyzt_units] : reader.code(at.xyzt_units);
  for (std::size_t i = 0; i < 4; ++i) g.pixdim[i] = reader.real(at.pixdim, i);
  for (std::size_t i = 0; i < 3; ++i) {
    g.quaternion[i] = reader.real(at.quaternion, i);
    g.qoffset[i] = reader.real(at.qoffset, i);
    for (std::size_t column = 0; column < 4; ++column) {
      g.sform[i][column] = reader.real(at.srow, 4 * i + column);
    }
  }
  return h;
}

std::vector<std::uint8_t> encode_header(const Index3& size, NiftiType type, const NiftiGeometry& g,
                                        int volumes) {
  const int version = fits_nifti1(size, g) ? 1 : 2;
  const Layout& at = version == 1 ? nifti1_layout : nifti2_layout;
  Writer writer(version);
  std::vector<std::uint8_t>& bytes = writer.bytes();
  const std::size_t bytes_before_data = bytes.size();
  write_as<std::int32_t>(bytes, 0, static_cast<double>(bytes_before_data - 4));
  writer.text(at.magic, version == 1 ? magic1 : magic2);

  writer.size(at.dim, 0, volumes > 1 ? 4 : 3);
  for (std::size_t i = 1; i < 8; ++i) writer.size(at.dim, i, i <= 3 ? size[i - 1] : 1);
  writer.size(at.dim, 4, volumes);
  write_as<std::int16_t>(bytes, at.datatype, static_cast<int>(type));
  write_as<std::int16_t>(bytes, at.bitpix,
                         8.0 * static_cast<double>(bytes_of(static_cast<int>(type))));
  if (version == 1) {
    writer.real(at.vox_offset, 0, static_cast<double>(bytes_before_data));
    bytes[38] = 'r';  // `regular`, which SPM and some old readers look at
    bytes[at.xyzt_units] = static_cast<std::uint8_t>(g.xyzt_units);
  } else {
    write_as<std::int64_t>(bytes, at.vox_offset, static_cast<double>(bytes_before_data));
    writer.code(at.xyzt_units, g.xyzt_units);
  }
  writer.real(at.scl_slope, 0, 1);
  writer.real(at.scl_inter, 0, 0);
  writer.text(at.descrip, "dawson");

  writer.code(at.qform_code, g.qform_code);
  writer.code(at.sform_code, g.sform_code);
  for (std::size_t i = 0; i < 8; ++i) writer.real(at.pixdim, i, i < 4 ? g.pixdim[i] : 1);
  for (std::size_t i = 0; i < 3; ++i) {
    writer.real(at.quaternion, i, g.quaternion[i]);
    writer.real(at.qoffset, i, g.qoffset[i]);
    for (std::size_t column = 0; column < 4; ++column) {
      writer.real(at.srow, 4 * i + column, g.sform[i][column]);
    }
  }
  return bytes;
}

std::size_t bytes_of(int datatype) noexcept {
  switch (static_cast<NiftiType>(datatype)) {
    case NiftiType::uint8:
    case NiftiType::int8:
      return 1;
    case NiftiType::int16:
    case NiftiType::uint16:
      return 2;
    case NiftiType::int32:
    case NiftiType::uint32:
    case NiftiType::float32:
      return 4;
    case NiftiType::int64:
    case NiftiType::uint64:
    case NiftiType::float64:
      return 8;
  }
  return 0;
}

std::string unreadable_type(int datatype) {
  switch (datatype) {
    case 1:
      return "single bits";
    case 32:
    case 1792:
    case 2048:
      return "complex numbers";
    case 128:
    case 2304:
      return "colours";
    case 1536:
      return "128-bit numbers";
    default:
      return "values of the unknown type " + std::to_string(datatype);
  }
}

}  // namespace dawson::volume
