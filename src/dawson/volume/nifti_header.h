// The bytes of NIfTI headers, decoded and encoded. Private to this room.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "dawson/volume/nifti.h"

namespace dawson::volume {

constexpr std::size_t nifti1_bytes = 348;
constexpr std::size_t nifti2_bytes = 540;

/// NIfTI codes of the stored types that hold one real number a voxel.
enum class NiftiType : int {
  uint8 = 2,
  int16 = 4,
  int32 = 8,
  float32 = 16,
  float64 = 64,
  int8 = 256,
  uint16 = 512,
  uint32 = 768,
  int64 = 1024,
  uint64 = 1280,
};

/// A header's fields as they stand, nothing judged yet.
struct RawHeader {
  int version = 1;
  bool swapped = false;  ///< stored in the other byte order than this machine's
  std::array<std::int64_t, 8> dim{};
  int datatype = 0;
  double vox_offset = 0;
  double scl_slope = 0;
  double scl_inter = 0;
  NiftiGeometry geometry;
};

/// What the first four bytes of a file say its header is.
struct HeaderKind {
  int version = 0;  ///< 1, 2, or 0: not a NIfTI header
  bool swapped = false;
};
HeaderKind header_kind(const std::array<std::uint8_t, 4>& first);

/// Decodes a header of nifti1_bytes or nifti2_bytes. Throws Error{input} (about `where`) when the
/// magic string is not that of a single-file NIfTI image.
RawHeader decode_header(const std::vector<std::uint8_t>& bytes, HeaderKind kind,
                        const std::string& where);

/// The header of a single file, in this machine's byte order, with the four bytes after it that
/// say there are no extensions. A NIfTI-2 header where NIfTI-1 cannot hold the sizes or the
/// geometry exactly. scl_slope and scl_inter are written as 1 and 0; more than one volume makes a
/// fourth dimension.
std::vector<std::uint8_t> encode_header(const Index3& size, NiftiType type,
                                        const NiftiGeometry& geometry, int volumes = 1);

/// Bytes of one stored value; 0 where the code is not one of NiftiType.
std::size_t bytes_of(int datatype) noexcept;
/// What a datatype that dawson does not read is called.
std::string unreadable_type(int datatype);

}  // namespace dawson::volume
