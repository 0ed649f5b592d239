#include "dawson/evaluation/lesion_table.h"

#include <algorithm>

#include "dawson/core/error.h"
#include "dawson/core/table.h"

namespace dawson::evaluation {
namespace {

core::Table empty_table() {
  return core::Table({
      {"case", "as in cases.tsv"},
      {"mask", "reference or prediction"},
      {"id", "number within the mask, by volume, ties by first voxel"},
      {"voxels", "voxels of the lesion"},
      {"volume_ml", "volume, ml"},
      {"x_mm", "centroid, mm to the right (RAS+ world coordinates)"},
      {"y_mm", "centroid, mm to the front"},
      {"z_mm", "centroid, mm upwards"},
      {"size_class", "volume class, mm³"},
      {"covered", "share of its voxels that lie on the other mask"},
      {"matched", "yes for a reference lesion that was found or a predicted one that is true"},
      {"partners", "ids of the lesions of the other mask that it touches"},
      {"mean_probability", "mean of the prediction's probabilities over its voxels"},
  });
}

std::string row_of(const std::string& name, const LesionMatch& lesion) {
  std::string partners;
  for (const int id : lesion.partners) {
    partners += (partners.empty() ? "" : ",") + std::to_string(id);
  }
  std::string row = name;
  std::replace_if(
      row.begin(), row.end(), [](char c) { return c == '\t' || c == '\n'; }, ' ');
  for (const std::string& cell :
       {std::string(lesion.in_reference ? "reference" : "prediction"), std::to_string(lesion.id),
        std::to_string(lesion.voxels), core::number(lesion.volume_ml, 5),
        core::number(lesion.centroid_mm[0], 2), core::number(lesion.centroid_mm[1], 2),
        core::number(lesion.centroid_mm[2], 2),
        std::string(size_class_names[size_class(lesion.volume_ml * 1000.0)]),
        core::number(lesion.covered, 4), std::string(lesion.matched ? "yes" : "no"),
        partners.empty() ? "n/a" : partners, core::number(lesion.mean_probability, 4)}) {
    row += '\t' + cell;
  }
  return row;
}

}  // namespace

LesionTable::LesionTable(const std::filesystem::path& file) : file_(file) {
  empty_table().write(file);
  out_.open(file, std::ios::app);
}

void LesionTable::add(const CaseResult& result) {
  for (const LesionMatch& lesion : result.measures.lesions.lesions) {
    out_ << row_of(result.name, lesion) << '\n';
  }
  if (!out_) throw Error(ExitCode::output, "cannot be written", file_.string());
}

void LesionTable::finish() {
  out_.close();
  if (!out_) throw Error(ExitCode::output, "cannot be written", file_.string());
}

}  // namespace dawson::evaluation
