#include "dawson/dataset/read_scan.h"

#include "dawson/core/error.h"
#include "dawson/dicom/header.h"
#include "dawson/imaging/formats.h"

namespace dawson::dataset {

volume::NiftiImage read_scan(const std::filesystem::path& path) {
  if (std::filesystem::is_directory(path)) {
    throw Error(ExitCode::input, "is a folder, not a scan", path.string(),
                "give the image file in it");
  }
  if (dicom::is_dicom(path)) {
    throw Error(ExitCode::input, "is one DICOM file of a series", path.string(),
                "give the folder of the series");
  }
  return imaging::read_image(path);
}

}  // namespace dawson::dataset
