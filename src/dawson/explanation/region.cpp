#include "dawson/explanation/region.h"

#include <algorithm>
#include <cmath>

#include "dawson/core/error.h"
#include "dawson/imaging/resample.h"
#include "dawson/segmentation/segmenter.h"

namespace dawson::explanation {
namespace {

std::size_t slice_size(const volume::Grid& grid) {
  return static_cast<std::size_t>(grid.size[0]) * static_cast<std::size_t>(grid.size[1]);
}

}  // namespace

std::vector<int> Region::slices(const volume::Grid& grid) const {
  std::vector<int> found;
  for (const std::size_t voxel : voxels) {
    const int z = static_cast<int>(voxel / slice_size(grid));
    if (found.empty() || found.back() != z) found.push_back(z);
  }
  return found;
}

Region Region::within(const std::vector<int>& slices, const volume::Grid& grid) const {
  Region part;
  for (const std::size_t voxel : voxels) {
    const int z = static_cast<int>(voxel / slice_size(grid));
    if (std::find(slices.begin(), slices.end(), z) != slices.end()) part.voxels.push_back(voxel);
  }
  return part;
}

volume::Mask Region::mask(const volume::Grid& grid) const {
  volume::Mask mask(grid);
  for (const std::size_t voxel : voxels) mask.data[voxel] = 1;
  return mask;
}

Region region_of(const volume::Mask& mask, const preprocessing::Prepared& prepared) {
  const volume::Image share = imaging::resample_coverage(mask, prepared.grid);
  const float most = *std::max_element(share.data.begin(), share.data.end());
  if (!(most > 0)) {
    throw Error(ExitCode::input, "the network saw nothing of what is asked about");
  }
  const float least = std::min(0.5F, most);
  Region region;
  for (std::size_t v = 0; v < share.data.size(); ++v) {
    if (share.data[v] >= least) region.voxels.push_back(v);
  }
  return region;
}

volume::Mask healthy_ball(const volume::Vector3& centre_mm, double radius_mm,
                          const volume::Mask& brain, const volume::Mask& lesions) {
  const volume::Grid& grid = brain.grid;
  volume::Mask ball(grid);
  bool any = false;
  for (int k = 0; k < grid.size[2]; ++k) {
    for (int j = 0; j < grid.size[1]; ++j) {
      for (int i = 0; i < grid.size[0]; ++i) {
        const volume::Vector3 p =
            grid.to_world({static_cast<double>(i), static_cast<double>(j), static_cast<double>(k)});
        const double distance =
            std::hypot(p[0] - centre_mm[0], p[1] - centre_mm[1], p[2] - centre_mm[2]);
        if (distance > radius_mm || brain.at(i, j, k) == 0 || lesions.at(i, j, k) != 0) continue;
        ball.at(i, j, k) = 1;
        any = true;
      }
    }
  }
  if (!any) {
    throw Error(ExitCode::input, "there is no brain without lesion at this place", "",
                "give a point inside the brain, in millimetres of the scan's own coordinates");
  }
  return ball;
}

volume::Mask lesion_voxels(const volume::Mask& lesions, int id) {
  const lesions::Components found =
      lesions::find_components(lesions.data, segmentation::lattice_of(lesions.grid));
  const auto counted = static_cast<int>(lesions::count_lesions(found));
  if (id < 0 || id > counted || counted == 0) {
    const std::string what = counted == 0   ? "the scan has no lesion to explain"
                             : counted == 1 ? "there is only lesion 1"
                                            : "there are lesions 1 to " + std::to_string(counted);
    throw Error(ExitCode::usage, what, "--lesion");
  }
  volume::Mask mask(lesions.grid);
  for (std::size_t v = 0; v < mask.data.size(); ++v) {
    const int label = found.labels[v];
    mask.data[v] = label > 0 && label <= counted && (id == 0 || label == id) ? 1 : 0;
  }
  return mask;
}

}  // namespace dawson::explanation
