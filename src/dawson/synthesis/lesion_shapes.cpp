#include "dawson/synthesis/lesion_shapes.h"

#include <algorithm>
#include <cmath>

#include "dawson/core/error.h"
#include "dawson/lesions/lesions.h"
#include "dawson/synthesis/crop.h"
#include "dawson/volume/nifti.h"

namespace dawson::synthesis {

namespace fs = std::filesystem;

namespace {

constexpr int room_voxels = 2;
constexpr double farthest_mm = 120;

std::vector<fs::path> mask_files(const fs::path& folder) {
  std::error_code error;
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    const std::string name = entry.path().filename().string();
    if (name.ends_with(".nii") || name.ends_with(".nii.gz")) files.push_back(entry.path());
  }
  if (error) throw Error(ExitCode::input, "the folder cannot be read", folder.string());
  std::sort(files.begin(), files.end());
  return files;
}

LesionShape cut_out(const volume::Mask& mask, const lesions::Components& found,
                    const lesions::Component& lesion, const fs::path& file) {
  Box box{lesion.low, lesion.high};
  for (int a = 0; a < 3; ++a) {
    box.low[a] = std::max(0, box.low[a] - room_voxels);
    box.high[a] = std::min(mask.grid.size[a] - 1, box.high[a] + room_voxels);
  }
  LesionShape shape{volume::Mask(part_of(mask.grid, box)), lesion.volume_mm3,
                    file.filename().string()};
  for_part(mask.grid, box, [&](std::size_t whole, std::size_t part) {
    shape.mask.data[part] = found.labels[whole] == lesion.label ? 1 : 0;
  });
  return shape;
}

}  // namespace

std::vector<LesionShape> read_lesion_shapes(const fs::path& folder) {
  std::vector<LesionShape> shapes;
  for (const fs::path& file : mask_files(folder)) {
    const volume::Mask mask = volume::read_nifti_mask(file);
    const auto found = lesions::find_components(mask.data, {mask.grid.size, mask.grid.spacing});
    const std::size_t count = lesions::count_lesions(found);
    for (std::size_t n = 0; n < count; ++n) {
      const lesions::Component& lesion = found.components[n];
      const volume::Vector3 centre = mask.grid.to_world(lesion.centroid);
      if (std::hypot(centre[0], centre[1], centre[2]) > farthest_mm) {
        throw Error(ExitCode::input, "has a lesion outside of any brain in MNI152 space",
                    file.string(), "give masks in MNI152 space");
      }
      shapes.push_back(cut_out(mask, found, lesion, file));
    }
  }
  if (shapes.empty()) {
    throw Error(ExitCode::input, "holds no mask with a lesion", folder.string(),
                "name a folder of lesion masks in MNI152 space (.nii.gz)");
  }
  return shapes;
}

}  // namespace dawson::synthesis
