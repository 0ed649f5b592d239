// The FLAIR scans of a folder of DICOM files.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "dawson/core/progress.h"
#include "dawson/dicom/series.h"
#include "dawson/volume/nifti.h"

namespace dawson::dataset {

struct DicomFlair {
  dicom::Series series;
  std::string why;  ///< it is taken for a FLAIR
};

struct DicomFlairs {
  std::vector<DicomFlair> flairs;     ///< at least one
  std::vector<std::string> problems;  ///< of files that could not be used
};

/// Nothing where the folder holds no DICOM image. Throws Error{input} where it holds some and no
/// FLAIR that makes a volume, saying what it holds.
std::optional<DicomFlairs> find_flairs(const std::filesystem::path& folder, Progress& progress);

/// The volume, with a header made from its grid. Throws as dicom::read_volume does.
volume::NiftiImage read_series(const dicom::Series& series, Progress& progress);

}  // namespace dawson::dataset
