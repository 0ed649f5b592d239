// STEM_lesions.tsv and the JSON beside it.
#include "dawson/core/table.h"
#include "dawson/report/content.h"

namespace dawson::report {

void write_lesion_table(const CaseReport& report, const std::filesystem::path& file) {
  core::Table table({
      {"id", "Number of the lesion: 1 is the largest, ties by first voxel of the array"},
      {"volume_ml", "Volume in millilitres"},
      {"voxels", "Volume in voxels"},
      {"centroid_x_mm", "Mean of the voxel centres, world coordinate towards the right (RAS+), mm"},
      {"centroid_y_mm", "The same towards anterior, mm"},
      {"centroid_z_mm", "The same towards superior, mm"},
      {"low_i", "First voxel of the bounding box along the array's first axis, counted from 0"},
      {"low_j", "The same along the second axis"},
      {"low_k", "The same along the third axis"},
      {"high_i", "Last voxel (included) of the bounding box along the array's first axis"},
      {"high_j", "The same along the second axis"},
      {"high_k", "The same along the third axis"},
      {"extent_i_mm", "Edge of the bounding box along the array's first axis, mm"},
      {"extent_j_mm", "The same along the second axis, mm"},
      {"extent_k_mm", "The same along the third axis, mm"},
      {"mean_probability", "Mean over the lesion's voxels of the calibrated lesion probability"},
      {"peak_probability", "Highest lesion probability of its voxels"},
  });
  for (const segmentation::Lesion& l : report.segmentation->lesions) {
    std::vector<std::string> row{std::to_string(l.id), core::number(l.volume_ml, 6),
                                 std::to_string(l.voxels)};
    for (const double mm : l.centroid_mm) row.push_back(core::number(mm, 2));
    for (const int voxel : l.low) row.push_back(std::to_string(voxel));
    for (const int voxel : l.high) row.push_back(std::to_string(voxel));
    for (const double mm : l.extents_mm) row.push_back(core::number(mm, 2));
    row.push_back(core::number(l.mean_probability, 4));
    row.push_back(core::number(l.peak_probability, 4));
    table.add_row(std::move(row));
  }
  table.write(file);
}

}  // namespace dawson::report
