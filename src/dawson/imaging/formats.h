// Scans in NRRD, MHA and other formats that ITK reads; NIfTI goes to volume::read_nifti.
#pragma once

#include <filesystem>

#include "dawson/volume/nifti.h"

namespace dawson::imaging {

/// Reads .nii, .nii.gz (volume::read_nifti), .nrrd, .nhdr, .mha, .mhd. What is not NIfTI gets
/// a NiftiGeometry made from its grid, so that results can be written beside it as NIfTI.
/// Throws Error{input} with the same checks as read_nifti.
volume::NiftiImage read_image(const std::filesystem::path& file);

/// True when the name ends in an extension that read_image takes.
bool is_image_name(const std::filesystem::path& file);

/// The file's name less its image extension ("sub-01_FLAIR.nii.gz" → "sub-01_FLAIR").
std::string image_stem(const std::filesystem::path& file);

}  // namespace dawson::imaging
