// The report as data; docs/schema/report.schema.json describes it.
#include <cmath>

#include "dawson/imaging/slice_grid.h"
#include "dawson/lesions/lesions.h"
#include "dawson/report/content.h"
#include "dawson/report/scan_facts.h"

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

/// From its lower limit to the next class's.
Json size_class_json(const SizeClass& s) {
  return {{"from_mm3", s.from_mm3},
          {"below_mm3", rounded(s.below_mm3, 0)},
          {"lesions", s.lesions},
          {"volume_ml", rounded(s.volume_ml, 6)}};
}

Json lesions_json(const CaseReport& r, const Content& c) {
  Json table = Json::array();
  for (const segmentation::Lesion& l : r.segmentation->lesions) table.push_back(lesion_json(l));
  Json sizes = Json::array();
  for (const SizeClass& s : c.histogram.classes) sizes.push_back(size_class_json(s));
  return {{"total_isolated", c.counts.total},
          {"at_least_3_mm_diameter", c.counts.of_3mm_diameter},
          {"single_voxel", c.counts.single_voxel},
          {"min_volume_mm3", lesions::min_lesion_volume_mm3},
          {"volume_of_3_mm_sphere_mm3", rounded(lesions::volume_of_3mm_sphere_mm3, 4)},
          {"volume_ml", rounded(r.segmentation->lesion_volume_ml, 6)},
          {"uncounted_volume_ml", rounded(c.histogram.uncounted_ml, 6)},
          {"size_classes", sizes},
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

/// What the error of the brain's volume does to the percentage; null where it is not known.
Json range_json(const Content& c) {
  if (!c.range) return nullptr;
  const PercentRange& range = *c.range;
  return {{"low", rounded(range.low, 6)},
          {"high", rounded(range.high, 6)},
          {"severity_low", severity_key(range.severity_low)},
          {"severity_high", severity_key(range.severity_high)},
          {"brain_low_ml", rounded(range.brain_low_ml, 3)},
          {"brain_high_ml", rounded(range.brain_high_ml, 3)},
          {"chance", rounded(range.errors.chance, 4)},
          {"scans", range.errors.scans}};
}

Json brain_json(const CaseReport& r, const Content& c) {
  Json errors = Json::array();
  for (const double e : r.brain_volume_errors_percent) errors.push_back(rounded(e, 4));
  return {{"volume_ml", rounded(r.segmentation->brain_volume_ml, 3)},
          {"volume_error_percent", rounded(r.brain_volume_error_percent.value_or(std::nan("")), 2)},
          {"volume_errors_percent", errors},
          {"lesion_percent", rounded(c.percent, 6)},
          {"lesion_percent_range", range_json(c)},
          {"uncertainty", c.uncertainty}};
}

Json cohort_json(const CaseReport& r, const Content& c) {
  if (!r.cohort) return nullptr;
  Json measures = Json::object();
  for (const CohortRow& row : c.cohort) {
    measures[row.key] = {{"value", rounded(row.place.value, 6)},
                         {"cases", row.place.n},
                         {"percentile", rounded(row.place.percentile, 2)},
                         {"percentile_low", rounded(row.place.low, 2)},
                         {"percentile_high", rounded(row.place.high, 2)}};
  }
  return {{"name", r.cohort->name},         {"cases", r.cohort->lesion_ml.size()},
          {"left_out", r.cohort->left_out}, {"is_small", r.cohort->lesion_ml.size() < small_cohort},
          {"measures", measures},           {"notes", c.cohort_notes}};
}

Json protocol_json(Protocol protocol) {
  switch (protocol) {
    case Protocol::core_3d:
      return "core_3d";
    case Protocol::acceptable_2d:
      return "acceptable_2d";
    case Protocol::coarser:
      break;
  }
  return "coarser";
}

Json quality_json(const CaseReport& r) {
  const ScanFacts facts = scan_facts(r.scan->grid, r.segmentation->brain_mask);
  Json edges = Json::array();
  for (const char direction : facts.edges_reached) edges.push_back(std::string(1, direction));
  return {{"slice_distance_mm", rounded(facts.slice_mm, 4)},
          {"in_plane_mm", {rounded(facts.in_plane_mm[0], 4), rounded(facts.in_plane_mm[1], 4)}},
          {"core_protocol", protocol_json(facts.protocol)},
          {"coarse_in_plane", facts.coarse_in_plane},
          {"field_of_view_mm", rounded(facts.field_of_view_mm, 2)},
          {"brain_reaches_edges", edges},
          {"not_checked", {"motion", "artefacts", "sequence"}}};
}

Json number_or_null(const std::optional<double>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json run_json(const CaseReport& r) {
  return {{"scan_sha256", given(r.run.scan_sha256)},
          {"threshold", number_or_null(r.run.threshold)},
          {"min_peak", number_or_null(r.run.min_peak)},
          {"min_volume_mm3", number_or_null(r.run.min_volume_mm3)},
          {"temperature", number_or_null(r.run.temperature)},
          {"mirrored", r.run.mirrored ? Json(*r.run.mirrored) : Json(nullptr)}};
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
  return {{"format", "dawson severity report"},
          {"format_version", 2},
          {"report_id", c.id},
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
          {"brain", brain_json(r, c)},
          {"severity", severity_json(r, c)},
          {"reference_cohort", cohort_json(r, c)},
          {"quality", quality_json(r)},
          {"model",
           {{"name", given(r.model.name)},
            {"version", given(r.model.version)},
            {"sha256", given(r.model.sha256)}}},
          {"program", {{"name", "dawson"}, {"version", given(r.program_version)}}},
          {"run", run_json(r)},
          {"warnings", r.warnings},
          {"notes", c.notes},
          {"limits", c.limits},
          {"statement", r.words->follow_up},
          {"disclaimer", r.words->disclaimer}};
}

}  // namespace dawson::report
