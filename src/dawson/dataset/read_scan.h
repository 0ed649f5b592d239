// The door for every kind of scan.
#pragma once

#include <filesystem>

#include "dawson/volume/nifti.h"

namespace dawson::dataset {

/// Reads a scan from any form that dawson knows: NIfTI, NRRD, MetaImage.
/// Throws Error{input} naming the path; a folder is refused.
volume::NiftiImage read_scan(const std::filesystem::path& path);

}  // namespace dawson::dataset
