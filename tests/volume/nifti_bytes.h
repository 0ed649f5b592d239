// NIfTI files built byte by byte, independent of dawson's own codec.
#pragma once

#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace dawson::test {

/// A folder of its own that goes when the test does.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "dawson-test-XXXXXX").string();
    path_ = mkdtemp(name.data());
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  [[nodiscard]] std::filesystem::path operator/(const std::string& name) const {
    return path_ / name;
  }

 private:
  std::filesystem::path path_;
};

using Bytes = std::vector<std::uint8_t>;

/// A NIfTI file under construction; fields are set at their byte offsets (nifti1.h, nifti2.h).
struct NiftiBytes {
  int version = 1;
  bool swapped = false;
  Bytes bytes;

  explicit NiftiBytes(int v = 1, bool swap = false)
      : version(v), swapped(swap), bytes(v == 1 ? 352 : 544) {
    put<std::int32_t>(0, v == 1 ? 348 : 540);
    const std::string magic1("n+1\0", 4);
    const std::string magic2("n+2\0\r\n\032\n", 8);
    text(v == 1 ? 344 : 4, v == 1 ? magic1 : magic2);
    sizes({3, 4, 3, 2, 1, 1, 1, 1});
    type(16, 32);
    spacings({1, 2, 3});
    if (v == 1) {
      put<float>(108, 352);
    } else {
      put<std::int64_t>(168, 544);
    }
    codes(0, 1);
    sform({{{2, 0, 0, 10}, {0, 3, 0, 20}, {0, 0, 4, 30}}});
    bytes[v == 1 ? 123 : 500] = 0;
    units(2);
  }

  template <typename T>
  void put(std::size_t at, T value) {
    if (bytes.size() < at + sizeof(T)) bytes.resize(at + sizeof(T));
    std::array<std::uint8_t, sizeof(T)> raw{};
    std::memcpy(raw.data(), &value, sizeof(T));
    if (swapped) std::reverse(raw.begin(), raw.end());
    std::copy(raw.begin(), raw.end(), bytes.begin() + static_cast<std::ptrdiff_t>(at));
  }
  template <typename T>
  NiftiBytes& values(const std::vector<T>& list) {
    for (const T value : list) put<T>(bytes.size(), value);
    return *this;
  }
  void text(std::size_t at, const std::string& value) {
    std::copy(value.begin(), value.end(), bytes.begin() + static_cast<std::ptrdiff_t>(at));
  }
  void real(std::size_t at1, std::size_t at2, std::size_t index, double value) {
    version == 1 ? put<float>(at1 + 4 * index, static_cast<float>(value))
                 : put<double>(at2 + 8 * index, value);
  }
  NiftiBytes& sizes(const std::array<std::int64_t, 8>& dim) {
    for (std::size_t i = 0; i < 8; ++i) {
      version == 1 ? put<std::int16_t>(40 + 2 * i, static_cast<std::int16_t>(dim[i]))
                   : put<std::int64_t>(16 + 8 * i, dim[i]);
    }
    return *this;
  }
  NiftiBytes& type(int code, int bits) {
    put<std::int16_t>(version == 1 ? 70 : 12, static_cast<std::int16_t>(code));
    put<std::int16_t>(version == 1 ? 72 : 14, static_cast<std::int16_t>(bits));
    return *this;
  }
  NiftiBytes& spacings(const std::array<double, 3>& mm, double qfac = 1) {
    real(76, 104, 0, qfac);
    for (std::size_t i = 0; i < 3; ++i) real(76, 104, i + 1, mm[i]);
    return *this;
  }
  NiftiBytes& scaling(double slope, double inter) {
    real(112, 176, 0, slope);
    real(116, 184, 0, inter);
    return *this;
  }
  NiftiBytes& codes(int qform, int sform_code) {
    if (version == 1) {
      put<std::int16_t>(252, static_cast<std::int16_t>(qform));
      put<std::int16_t>(254, static_cast<std::int16_t>(sform_code));
    } else {
      put<std::int32_t>(344, qform);
      put<std::int32_t>(348, sform_code);
    }
    return *this;
  }
  NiftiBytes& quaternion(const std::array<double, 3>& bcd, const std::array<double, 3>& offset) {
    for (std::size_t i = 0; i < 3; ++i) {
      real(256, 352, i, bcd[i]);
      real(268, 376, i, offset[i]);
    }
    return *this;
  }
  NiftiBytes& sform(const std::array<std::array<double, 4>, 3>& rows) {
    for (std::size_t r = 0; r < 3; ++r) {
      for (std::size_t c = 0; c < 4; ++c) real(280, 400, 4 * r + c, rows[r][c]);
    }
    return *this;
  }
  NiftiBytes& units(int code) {
    if (version == 1) {
      bytes[123] = static_cast<std::uint8_t>(code);
    } else {
      put<std::int32_t>(500, code);
    }
    return *this;
  }
};

inline void save(const std::filesystem::path& file, const Bytes& bytes) {
  std::ofstream out(file, std::ios::binary);
  out.write(reinterpret_cast<const char*>(bytes.data()),
            static_cast<std::streamsize>(bytes.size()));
}

inline Bytes load(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// One gzip member.
inline Bytes gzip(const Bytes& bytes) {
  z_stream z{};
  deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
  Bytes out(deflateBound(&z, bytes.size()) + 32);
  z.next_in = const_cast<Bytef*>(bytes.data());
  z.avail_in = static_cast<uInt>(bytes.size());
  z.next_out = out.data();
  z.avail_out = static_cast<uInt>(out.size());
  deflate(&z, Z_FINISH);
  out.resize(z.total_out);
  deflateEnd(&z);
  return out;
}

}  // namespace dawson::test
