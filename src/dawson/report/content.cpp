#include "dawson/report/content.h"

#include <glib.h>

#include <cmath>

#include "dawson/core/hash.h"
#include "dawson/core/table.h"
#include "dawson/imaging/slice_grid.h"
#include "dawson/report/display.h"
#include "dawson/report/scan_facts.h"

namespace dawson::report {
namespace {

std::string times(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : " × ") + part;
  return text;
}

std::string joined(const std::vector<std::string>& parts, const std::string& otherwise) {
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : ", ") + part;
  return text.empty() ? otherwise : text;
}

std::string given(const std::optional<std::string>& value, const Words& words) {
  return value && !value->empty() ? *value : words.not_given;
}
std::string given(const std::string& value, const Words& words) {
  return value.empty() ? words.not_given : value;
}

// A minus sign as long as a digit is wide, as in print.
std::string signed_mm(double mm) {
  const long rounded = std::lround(mm);
  return (rounded < 0 ? "\u2212" : "") + std::to_string(std::labs(rounded));
}

std::vector<Row> patient_rows(const CaseReport& r) {
  const Words& w = *r.words;
  return {{w.name, given(r.patient.name, w)}, {w.participant, given(r.patient.participant, w)},
          {w.age, given(r.patient.age, w)},   {w.sex, given(r.patient.sex, w)},
          {w.image, given(r.image_name, w)},  {w.sequences, joined(r.sequences, w.not_given)},
          {w.date, given(r.date, w)}};
}

std::vector<Row> finding_rows(const CaseReport& r, const Content& c) {
  const Words& w = *r.words;
  std::vector<Row> rows{{w.total_lesions, std::to_string(c.counts.total)},
                        {w.lesions_of_3mm, std::to_string(c.counts.of_3mm_diameter)}};
  if (imaging::has_thick_slices(r.scan->grid)) {
    rows.push_back({w.single_voxel_lesions, std::to_string(c.counts.single_voxel)});
  }
  rows.push_back({w.lesion_volume, millilitres(r.segmentation->lesion_volume_ml) + " ml"});
  rows.push_back({w.brain_volume, core::number(r.segmentation->brain_volume_ml, 0) + " ml"});
  rows.push_back({w.lesion_percent,
                  std::isfinite(c.percent) ? percent_text(c.percent) : w.severity_undetermined});
  if (!c.range_text.empty()) rows.push_back({w.range, c.range_text});
  rows.push_back({w.severity, w.of(c.severity)});
  return rows;
}

std::vector<Row> about_rows(const CaseReport& r) {
  const Words& w = *r.words;
  const volume::Grid& grid = r.scan->grid;
  std::vector<std::string> sizes, spacings;
  for (std::size_t axis = 0; axis < 3; ++axis) {
    sizes.push_back(std::to_string(grid.size[axis]));
    spacings.push_back(core::number(grid.spacing[axis], 2));
  }
  std::string model = given(r.model.name, w);
  if (!r.model.version.empty()) model += " " + r.model.version;
  // Twelve digits tell models apart; the JSON report has them all.
  if (!r.model.sha256.empty()) model += " (SHA-256 " + r.model.sha256.substr(0, 12) + "…)";
  return {{w.scan_size, times(sizes)},
          {w.voxel_size, times(spacings) + " mm"},
          {w.orientation, grid.orientation()},
          {w.skull, r.segmentation->was_stripped ? w.skull_removed : w.skull_present},
          {w.model, model},
          {w.program, "dawson " + r.program_version}};
}

std::vector<std::string> notes(const CaseReport& r) {
  const Words& w = *r.words;
  const volume::Grid& grid = r.scan->grid;
  std::vector<std::string> out = w.limits;
  if (r.brain_volume_error_percent && !r.segmentation->was_stripped) {
    out.push_back(filled(w.brain_volume_error, {core::number(*r.brain_volume_error_percent, 1)}));
  }
  if (imaging::has_thick_slices(grid)) {
    const auto coarsest = static_cast<std::size_t>(grid.coarsest_axis());
    out.push_back(filled(w.thick_slices, {core::number(grid.spacing[coarsest], 1),
                                          core::number(grid.voxel_volume_mm3(), 1)}));
  }
  return out;
}

LesionTable lesion_table(const CaseReport& r) {
  const Words& w = *r.words;
  LesionTable table{{w.column_id, w.column_volume, w.column_voxels, w.column_extents,
                     w.column_centre, w.column_slice, w.column_mean, w.column_peak},
                    {}};
  const auto across = static_cast<std::size_t>(display_of(r.scan->grid).across);
  for (const segmentation::Lesion& l : r.segmentation->lesions) {
    const auto slice = r.scan->grid.to_index(l.centroid_mm)[across];
    table.rows.push_back(
        {std::to_string(l.id), core::number(l.volume_ml, 3), std::to_string(l.voxels),
         times({core::number(l.extents_mm[0], 1), core::number(l.extents_mm[1], 1),
                core::number(l.extents_mm[2], 1)}),
         signed_mm(l.centroid_mm[0]) + ", " + signed_mm(l.centroid_mm[1]) + ", " +
             signed_mm(l.centroid_mm[2]),
         std::to_string(std::lround(slice) + 1), core::number(l.mean_probability, 2),
         core::number(l.peak_probability, 2)});
  }
  return table;
}

/// The same for the same scan, model and mask, whatever else the report says.
std::string report_id(const CaseReport& r) {
  const volume::Mask& mask = r.segmentation->lesion_mask;
  const std::string mask_hash = core::sha256(mask.data.data(), mask.data.size());
  return core::sha256(r.run.scan_sha256 + "\n" + r.model.sha256 + "\n" + mask_hash).substr(0, 12);
}

std::string edge_names(const std::string& directions, const Words& w) {
  std::vector<std::string> names;
  for (const char d : directions) {
    names.push_back(d == 'R'   ? w.edge_right
                    : d == 'L' ? w.edge_left
                    : d == 'A' ? w.edge_anterior
                    : d == 'P' ? w.edge_posterior
                    : d == 'S' ? w.edge_superior
                               : w.edge_inferior);
  }
  return joined(names, "");
}

std::vector<Row> quality_rows(const CaseReport& r) {
  const Words& w = *r.words;
  const ScanFacts facts = scan_facts(r.scan->grid, r.segmentation->brain_mask);
  std::string protocol = facts.protocol == Protocol::core_3d         ? w.core_protocol_3d
                         : facts.protocol == Protocol::acceptable_2d ? w.core_protocol_2d
                                                                     : w.core_protocol_coarse;
  if (facts.coarse_in_plane) protocol += "; " + w.in_plane_coarse;
  std::vector<Row> rows{
      {w.slices_apart,
       filled(w.voxels_of, {core::number(facts.slice_mm, 2), core::number(facts.in_plane_mm[0], 2),
                            core::number(facts.in_plane_mm[1], 2)})},
      {w.protocol, protocol},
      {w.field_of_view, times({core::number(facts.field_of_view_mm[0], 0),
                               core::number(facts.field_of_view_mm[1], 0),
                               core::number(facts.field_of_view_mm[2], 0)}) +
                            " mm"}};
  if (r.segmentation->brain_volume_ml > 0) {
    rows.push_back(
        {w.coverage, facts.edges_reached.empty()
                         ? w.coverage_inside
                         : filled(w.coverage_reaches, {edge_names(facts.edges_reached, w)})});
  }
  rows.push_back({w.not_checked, w.not_checked_what});
  return rows;
}

std::vector<Row> run_rows(const CaseReport& r) {
  const Words& w = *r.words;
  std::vector<Row> rows{{w.run_scan_hash, given(r.run.scan_sha256, w)},
                        {w.run_model_hash, given(r.model.sha256, w)}};
  if (r.run.threshold && r.run.min_volume_mm3 && r.run.temperature) {
    const double peak = std::max(r.run.min_peak.value_or(0), *r.run.threshold);
    rows.push_back({w.run_rule, filled(w.run_rule_value,
                                       {core::number(*r.run.threshold, 3), core::number(peak, 3),
                                        core::number(*r.run.min_volume_mm3, 1),
                                        core::number(*r.run.temperature, 2)})});
  }
  if (r.run.mirrored) rows.push_back({w.run_mirrored, *r.run.mirrored ? w.yes : w.no});
  rows.push_back({w.run_record, r.stem + "_run.json"});
  return rows;
}

void clean(std::string& text) {
  char* valid = g_utf8_make_valid(text.data(), static_cast<gssize>(text.size()));
  text = valid;
  g_free(valid);
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
  }
}

void clean(std::optional<std::string>& text) {
  if (text) clean(*text);
}

}  // namespace

std::string percent_text(double percent) {
  if (percent <= 0) return "0 %";
  return percent < 0.01 ? "< 0.01 %" : core::number(percent, 2) + " %";
}

std::string millilitres(double volume_ml) {
  if (volume_ml <= 0) return "0";
  return core::number(volume_ml, volume_ml < 0.1 ? 3 : 2);
}

CaseReport cleaned(CaseReport r) {
  for (auto* text : {&r.patient.name, &r.patient.participant, &r.patient.age, &r.patient.sex}) {
    clean(*text);
  }
  for (auto* text : {&r.stem, &r.image_name, &r.model.name, &r.model.version, &r.model.sha256,
                     &r.program_version, &r.date, &r.run.scan_sha256}) {
    clean(*text);
  }
  if (r.cohort) clean(r.cohort->name);
  for (std::string& text : r.sequences) clean(text);
  for (std::string& text : r.warnings) clean(text);
  return r;
}

Content content_of(const CaseReport& r) {
  Content c;
  c.counts = count(r.segmentation->lesions);
  c.percent = lesion_percent(*r.segmentation);
  c.severity = severity_of(c.percent, r.bands);
  c.id = report_id(r);
  c.histogram = size_histogram(*r.segmentation);
  add_uncertainty(r, c);
  add_cohort(r, c);
  c.patient = patient_rows(r);
  c.findings = finding_rows(r, c);
  c.quality = quality_rows(r);
  c.about = about_rows(r);
  c.run = run_rows(r);
  c.warnings = r.warnings;
  c.notes = notes(r);
  if (c.range) c.notes.push_back(measured_range(c.range->errors, *r.words));
  c.limits = r.words->cannot_tell;
  c.lesions = lesion_table(r);
  c.sizes = size_table(c.histogram, r.segmentation->lesion_volume_ml, *r.words);
  return c;
}

OverlayInput shown_in(const CaseReport& r) {
  const segmentation::Segmentation& found = *r.segmentation;
  OverlayInput shown;
  shown.scan = r.scan;
  shown.lesions = &found.lesion_mask;
  if (!found.brain_mask.data.empty()) shown.brain = &found.brain_mask;
  if (!found.probabilities.data.empty()) shown.probabilities = &found.probabilities;
  return shown;
}

}  // namespace dawson::report
