// NIfTI-1 and NIfTI-2, .nii and .nii.gz, read and written exactly.
//
// Source: the NIfTI-1.1 and NIfTI-2 headers (Cox et al., 2004, 2011). Method 3 (sform, code > 0)
// wins over method 2 (qform), then method 1 (pixdim).
#pragma once

#include <array>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "dawson/volume/volume.h"

namespace dawson::volume {

/// The geometry fields of a header, kept bit for bit so that what we write lies where we read.
struct NiftiGeometry {
  int sform_code = 0;
  int qform_code = 0;
  std::array<std::array<double, 4>, 3> sform{};
  std::array<double, 3> quaternion{};  ///< b, c, d
  std::array<double, 3> qoffset{};
  std::array<double, 4> pixdim{};  ///< pixdim[0] is qfac, then the three spacings
  int xyzt_units = 0;
};

/// Fields that describe `grid`: sform exactly, qform by the nearest rotation, both codes 1
/// (scanner), rounded to the header's single precision.
NiftiGeometry geometry_of(const Grid& grid);

/// What a file holds besides its values.
struct NiftiHeader {
  NiftiGeometry geometry;
  int version = 1;       ///< 1 or 2
  int datatype = 0;      ///< the NIfTI code of the stored type
  double scl_slope = 1;  ///< as applied (1 where the file says 0 or NaN)
  double scl_inter = 0;
};

/// A scan as read: values scaled to float, geometry resolved, and what was mended on the way.
struct NiftiImage {
  Image image;
  NiftiHeader header;
  std::vector<std::string> warnings;
};

/// Reads the one volume of a file.
///
/// Non-finite values are replaced by 0 with a warning while they are at most 1 % of the voxels.
/// Directions that are off orthonormal by more than 1e-3 are repaired with a warning, sform and
/// qform that disagree by more than 0.5 mm at a corner are reported.
/// Throws Error{input}: cannot be read, not NIfTI, truncated, more than 2^29 voxels, more than one
/// volume, more non-finite values, directions off by more than 5e-2, empty dimensions.
NiftiImage read_nifti(const std::filesystem::path& file);

/// All volumes of a file, in their order and on one grid. Otherwise as read_nifti; at most 64 of
/// them, 2^29 voxels in all.
std::vector<Image> read_nifti_series(const std::filesystem::path& file);

/// As read_nifti, then > 0.5 → 1. Values other than 0 and 1 are accepted (labels) and become 1.
Mask read_nifti_mask(const std::filesystem::path& file);

/// Writes float32 or uint8 without scaling, gzipped when the name ends in .gz (atomically).
/// With `like`, both transforms and their codes are written exactly as they stand there (the grid
/// must be the one those fields describe, else Error{defect}); without, sform and qform are written
/// from the grid, code 1 (scanner). Throws Error{output}.
void write_nifti(const std::filesystem::path& file, const Image& image,
                 const NiftiGeometry* like = nullptr);
void write_nifti(const std::filesystem::path& file, const Mask& mask,
                 const NiftiGeometry* like = nullptr);
/// The same for several volumes of one grid, along the fourth dimension. Throws Error{defect} when
/// there are none or their grids differ.
void write_nifti_series(const std::filesystem::path& file, const std::vector<Image>& volumes,
                        const NiftiGeometry* like = nullptr);

}  // namespace dawson::volume
