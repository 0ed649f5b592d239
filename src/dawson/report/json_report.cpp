// The report as data; docs/schema/report.schema.json describes it.
#include <cmath>

#include "dawson/imaging/slice_grid.h"
#include "dawson/lesions/lesions.h"
#include "dawson/report/content.h"

namespace dawson::report {
namespace {

using core::Json;

// Rounded to what is meant, so that the file does not promise more than was measured.
Json rounded(double value, int decimals) {
  if (!std::isfinite(value)) return nullptr;
  const double unit = std::pow(10.0, decimals);
  return std::round(value * unit) / unit;
}

Json rounded(const volume::Vector3& v, int decimals) {
  return {rounded(v[0], decimals), rounded(v[1], decimals), rounded(v[2], decimals)};
}

// As in every form of the report, an absent field reads "not given".
Json given(const std::optional<std::string>& text) {
  return text && !text->empty() ? *text : english().not_given;
}
Json given(const std::string& text) {
  return text.empty() ? english().not_given : text;
}

Json lesion_json(const segmentation::Lesion& l) {
  return {{"id", l.id},
          {"volume_ml", rounded(l.volume_ml, 6)},
          {"voxels", l.voxels},
          {"centroid_mm", rounded(l.centroid_mm, 2)},
          {"bounding_box_voxels", {{"low", l.low}, {"high", l.high}}},
          {"extents_mm", rounded(l.extents_mm, 2)},
          {"mean_probability", rounded(l.mean_probability, 4)},
          {"peak_probability", rounded(l.peak_probability, 4)}};
}

Json lesions_json(const CaseReport& r, const Content& c) {
  Json table = Json::array();
  for (const segmentation::Lesion& l : r.segmentation->lesions) table.push_back(lesion_json(l));
  return {{"total_isolated", c.counts.total},
          {"at_least_3_mm_diameter", c.counts.of_3mm_diameter},
          {"single_voxel", c.counts.single_voxel},
          {"min_volume_mm3", lesions::min_lesion_volume_mm3},
          {"volume_of_3_mm_sphere_mm3", rounded(lesions::volume_of_3mm_sphere_mm3, 4)},
          {"volume_ml", rounded(r.segmentation->lesion_volume_ml, 6)},
          {"table", table}};
}

Json severity_json(const CaseReport& r, const Content& c) {
  const auto band = [](Severity s, const Json& below) {
    return Json{{"name", severity_key(s)}, {"below_percent", below}};
  };
  return {{"estimated", severity_key(c.severity)},
          {"is_clinical_scale", false},
          {"bands",
           Json::array({band(Severity::none, 0), band(Severity::minimal, r.bands.minimal_below),
                        band(Severity::mild, r.bands.mild_below),
                        band(Severity::moderate, r.bands.moderate_below),
                        band(Severity::severe, nullptr)})}};
}

Json image_json(const CaseReport& r) {
  const volume::Grid& grid = r.scan->grid;
  return {{"name", given(r.image_name)},
          {"sequences", r.sequences},
          {"size_voxels", grid.size},
          {"spacing_mm", rounded(grid.spacing, 4)},
          {"voxel_volume_mm3", rounded(grid.voxel_volume_mm3(), 4)},
          {"orientation", grid.orientation()},
          {"thick_slices", imaging::has_thick_slices(grid)},
          {"skull_removed_before", r.segmentation->was_stripped}};
}

}  // namespace

Json report_json(const CaseReport& r, const Content& c) {
  const double brain_error = r.brain_volume_error_percent.value_or(std::nan(""));
  return {{"format", "dawson severity report"},
          {"format_version", 1},
          {"stem", r.stem},
          {"language", r.words->language},
          {"date", given(r.date)},
          {"patient",
           {{"name", given(r.patient.name)},
            {"participant", given(r.patient.participant)},
            {"age", given(r.patient.age)},
            {"sex", given(r.patient.sex)}}},
          {"image", image_json(r)},
          {"lesions", lesions_json(r, c)},
          {"brain",
           {{"volume_ml", rounded(r.segmentation->brain_volume_ml, 3)},
            {"volume_error_percent", rounded(brain_error, 2)},
            {"lesion_percent", rounded(c.percent, 6)}}},
          {"severity", severity_json(r, c)},
          {"model",
           {{"name", given(r.model.name)},
            {"version", given(r.model.version)},
            {"sha256", given(r.model.sha256)}}},
          {"program", {{"name", "dawson"}, {"version", given(r.program_version)}}},
          {"warnings", r.warnings},
          {"notes", c.notes},
          {"statement", r.words->follow_up},
          {"disclaimer", r.words->disclaimer}};
}

}  // namespace dawson::report
