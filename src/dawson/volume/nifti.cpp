#include "dawson/volume/nifti.h"

#include <libdeflate.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <fstream>
#include <limits>
#include <memory>

#include "dawson/core/atomic_file.h"
#include "dawson/core/error.h"
#include "dawson/volume/byte_source.h"
#include "dawson/volume/checks.h"
#include "dawson/volume/nifti_geometry.h"
#include "dawson/volume/nifti_header.h"

namespace dawson::volume {

namespace {

constexpr std::uint64_t most_drained_bytes = std::uint64_t{16} << 20;

[[noreturn]] void refuse(const std::string& where, const std::string& fact,
                         const std::string& what_to_do = {}) {
  throw Error(ExitCode::input, fact, where, what_to_do);
}

RawHeader read_header(ByteSource& source, const std::string& where) {
  const std::string not_nifti = "this is not a NIfTI image";
  std::array<std::uint8_t, 4> first{};
  if (source.read(first.data(), first.size()) < first.size()) refuse(where, not_nifti);
  const HeaderKind kind = header_kind(first);
  if (kind.version == 0) refuse(where, not_nifti);
  std::vector<std::uint8_t> bytes(kind.version == 1 ? nifti1_bytes : nifti2_bytes);
  std::copy(first.begin(), first.end(), bytes.begin());
  const std::size_t rest = bytes.size() - first.size();
  if (source.read(bytes.data() + first.size(), rest) < rest) {
    refuse(where, "the file is truncated", "copy it again");
  }
  return decode_header(bytes, kind, where);
}

/// What a header says of its array.
struct Extent {
  Index3 size{1, 1, 1};
  std::int64_t volumes = 1;
};

/// Refuses what no scan can be, and vectors and series of more than `most_volumes`.
Extent extent_of(const RawHeader& header, std::int64_t most_volumes, const std::string& where) {
  const std::int64_t dimensions = header.dim[0];
  if (dimensions < 1 || dimensions > 7) {
    refuse(where, "the header gives " + std::to_string(dimensions) + " dimensions");
  }
  Extent extent;
  std::int64_t voxels = 1;
  for (std::size_t axis = 1; axis <= static_cast<std::size_t>(dimensions); ++axis) {
    const std::int64_t n = header.dim[axis];
    if (axis > 3) {
      if (n <= 1) continue;  // 0 is met for "not used"
      if (axis > 4 || n > most_volumes) {
        refuse(where,
               "the file holds " + std::to_string(n) + " volumes, not " +
                   (most_volumes == 1 ? "one" : "at most " + std::to_string(most_volumes)),
               "give one volume of it");
      }
      check_voxels(voxels, n, where);
      voxels *= n;
      extent.volumes = n;
      continue;
    }
    if (n < 1) refuse(where, "the header gives an empty dimension");
    check_voxels(voxels, n, where);
    voxels *= n;
    extent.size[axis - 1] = static_cast<int>(n);
  }
  return extent;
}

/// Position of the first voxel; a missing or impossible one means "right behind the header".
std::uint64_t data_offset(const RawHeader& header, const std::string& where) {
  const std::uint64_t least = (header.version == 1 ? nifti1_bytes : nifti2_bytes) + 4;
  if (!std::isfinite(header.vox_offset) || header.vox_offset < 0 || header.vox_offset > 1e12) {
    refuse(where, "the header's position of the voxel data is impossible");
  }
  return std::max(least, static_cast<std::uint64_t>(header.vox_offset));
}

template <typename T>
void convert(const std::uint8_t* bytes, bool swapped, double slope, double inter, float* out,
             std::size_t count) {
  const bool scaled = slope != 1 || inter != 0;
  for (std::size_t i = 0; i < count; ++i) {
    T value;
    if (swapped) {
      std::array<std::uint8_t, sizeof(T)> raw{};
      std::reverse_copy(bytes + i * sizeof(T), bytes + (i + 1) * sizeof(T), raw.begin());
      std::memcpy(&value, raw.data(), sizeof(T));
    } else {
      std::memcpy(&value, bytes + i * sizeof(T), sizeof(T));
    }
    out[i] = scaled ? static_cast<float>(static_cast<double>(value) * slope + inter)
                    : static_cast<float>(value);
  }
}

void convert_any(int datatype, const std::uint8_t* bytes, bool swapped, double slope, double inter,
                 float* out, std::size_t count) {
  const auto as = [&](auto type) {
    convert<decltype(type)>(bytes, swapped, slope, inter, out, count);
  };
  switch (static_cast<NiftiType>(datatype)) {
    case NiftiType::uint8:
      return as(std::uint8_t{});
    case NiftiType::int8:
      return as(std::int8_t{});
    case NiftiType::int16:
      return as(std::int16_t{});
    case NiftiType::uint16:
      return as(std::uint16_t{});
    case NiftiType::int32:
      return as(std::int32_t{});
    case NiftiType::uint32:
      return as(std::uint32_t{});
    case NiftiType::int64:
      return as(std::int64_t{});
    case NiftiType::uint64:
      return as(std::uint64_t{});
    case NiftiType::float32:
      return as(float{});
    case NiftiType::float64:
      return as(double{});
  }
}

std::vector<float> read_values(ByteSource& source, const RawHeader& raw, const NiftiHeader& header,
                               std::size_t voxels, const std::string& where) {
  const std::size_t value_bytes = bytes_of(raw.datatype);
  const std::uint64_t offset = data_offset(raw, where);
  const std::string truncated = "the file is truncated";
  // Known before a byte is allocated: this file cannot hold what its header promises.
  if (offset + voxels * value_bytes > source.most_bytes())
    refuse(where, truncated, "copy it again");

  const std::uint64_t to_skip = offset - (raw.version == 1 ? nifti1_bytes : nifti2_bytes);
  if (source.skip(to_skip) < to_skip) refuse(where, truncated, "copy it again");
  std::vector<float> values(voxels);
  constexpr std::size_t block = 1 << 18;
  std::vector<std::uint8_t> bytes(std::min(block, voxels) * value_bytes);
  for (std::size_t begin = 0; begin < voxels; begin += block) {
    const std::size_t count = std::min(block, voxels - begin);
    if (source.read(bytes.data(), count * value_bytes) < count * value_bytes) {
      refuse(where, truncated, "copy it again");
    }
    convert_any(raw.datatype, bytes.data(), raw.swapped, header.scl_slope, header.scl_inter,
                values.data() + begin, count);
  }
  return values;
}

/// Reads to the end of the compressed data, so that its checksum is compared.
void drain(ByteSource& source, std::vector<std::string>& warnings) {
  if (!source.is_gzip()) return;
  source.skip(most_drained_bytes);
  if (source.trailing_bytes()) {
    warnings.emplace_back("bytes behind the end of the compressed data were ignored");
  }
}

std::vector<std::uint8_t> gzipped(const std::vector<std::uint8_t>& bytes) {
  constexpr int level = 6;
  const std::unique_ptr<libdeflate_compressor, decltype(&libdeflate_free_compressor)> compressor(
      libdeflate_alloc_compressor(level), &libdeflate_free_compressor);
  if (!compressor) throw Error(ExitCode::resources, "not enough memory to compress");
  std::vector<std::uint8_t> out(libdeflate_gzip_compress_bound(compressor.get(), bytes.size()));
  out.resize(libdeflate_gzip_compress(compressor.get(), bytes.data(), bytes.size(), out.data(),
                                      out.size()));
  return out;
}

/// What is written with `like` must lie where `grid` says, or a caller has mixed up two scans.
void check_like(const Grid& grid, const NiftiGeometry& like, const std::string& where) {
  std::vector<std::string> ignored;
  const Grid theirs = resolve_geometry(like, grid.size, where, ignored);
  if (!same_grid(grid, theirs, 0.1)) {
    throw Error(ExitCode::defect, "an image is to be written with another grid's geometry", where);
  }
}

template <typename T>
void write_values(const std::filesystem::path& file, const std::vector<const Volume<T>*>& volumes,
                  NiftiType type, const NiftiGeometry* like) {
  const Grid& grid = volumes.front()->grid;
  if (like != nullptr) check_like(grid, *like, file.string());
  const NiftiGeometry geometry = like != nullptr ? *like : geometry_of(grid);
  std::vector<std::uint8_t> bytes =
      encode_header(grid.size, type, geometry, static_cast<int>(volumes.size()));
  for (const Volume<T>* volume : volumes) {
    const auto* values = reinterpret_cast<const std::uint8_t*>(volume->data.data());
    bytes.insert(bytes.end(), values, values + volume->data.size() * sizeof(T));
  }
  if (file.extension() == ".gz") bytes = gzipped(bytes);

  core::AtomicFile atomic(file);
  std::ofstream out(atomic.temporary(), std::ios::binary);
  out.write(reinterpret_cast<const char*>(bytes.data()),
            static_cast<std::streamsize>(bytes.size()));
  out.close();
  if (!out) {
    throw Error(ExitCode::output, "the file cannot be written (is the disk full?)", file.string());
  }
  atomic.commit();
}

/// Everything of a file: the values of all its volumes lie one behind the other.
struct ReadFile {
  NiftiImage image;
  std::int64_t volumes = 1;
};

ReadFile read_file(const std::filesystem::path& file, std::int64_t most_volumes) {
  const std::string where = file.string();
  ByteSource source(file);
  const RawHeader raw = read_header(source, where);
  const Extent extent = extent_of(raw, most_volumes, where);
  if (bytes_of(raw.datatype) == 0) {
    refuse(where, "the file holds " + unreadable_type(raw.datatype) + ", not grey values");
  }

  NiftiImage result;
  NiftiHeader& header = result.header;
  header.geometry = raw.geometry;
  header.version = raw.version;
  header.datatype = raw.datatype;
  const bool scaled = std::isfinite(raw.scl_slope) && raw.scl_slope != 0;
  header.scl_slope = scaled ? raw.scl_slope : 1;
  header.scl_inter = scaled && std::isfinite(raw.scl_inter) ? raw.scl_inter : 0;

  result.image.grid = resolve_geometry(raw.geometry, extent.size, where, result.warnings);
  const std::size_t voxels = result.image.grid.voxels() * static_cast<std::size_t>(extent.volumes);
  result.image.data = read_values(source, raw, header, voxels, where);
  drain(source, result.warnings);
  mend_nonfinite(result.image.data, where, result.warnings);
  return {std::move(result), extent.volumes};
}

}  // namespace

NiftiImage read_nifti(const std::filesystem::path& file) {
  return read_file(file, 1).image;
}

std::vector<Image> read_nifti_series(const std::filesystem::path& file) {
  constexpr std::int64_t most_volumes = 64;
  const ReadFile read = read_file(file, most_volumes);
  const Grid& grid = read.image.image.grid;
  const auto voxels = static_cast<std::ptrdiff_t>(grid.voxels());
  std::vector<Image> volumes;
  auto begin = read.image.image.data.begin();
  for (std::int64_t i = 0; i < read.volumes; ++i, begin += voxels) {
    volumes.emplace_back(grid, std::vector<float>(begin, begin + voxels));
  }
  return volumes;
}

Mask read_nifti_mask(const std::filesystem::path& file) {
  const NiftiImage read = read_nifti(file);
  Mask mask(read.image.grid);
  std::transform(read.image.data.begin(), read.image.data.end(), mask.data.begin(),
                 [](float value) { return static_cast<std::uint8_t>(value > 0.5F ? 1 : 0); });
  return mask;
}

void write_nifti(const std::filesystem::path& file, const Image& image, const NiftiGeometry* like) {
  write_values<float>(file, {&image}, NiftiType::float32, like);
}

void write_nifti(const std::filesystem::path& file, const Mask& mask, const NiftiGeometry* like) {
  write_values<std::uint8_t>(file, {&mask}, NiftiType::uint8, like);
}

void write_nifti_series(const std::filesystem::path& file, const std::vector<Image>& volumes,
                        const NiftiGeometry* like) {
  std::vector<const Image*> all;
  for (const Image& volume : volumes) {
    if (!same_grid(volume.grid, volumes.front().grid)) {
      throw Error(ExitCode::defect, "volumes of a series lie on different grids", file.string());
    }
    all.push_back(&volume);
  }
  if (all.empty()) throw Error(ExitCode::defect, "a series without volumes", file.string());
  write_values<float>(file, all, NiftiType::float32, like);
}

}  // namespace dawson::volume
