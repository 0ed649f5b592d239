// Every word of the report. A second language is one more file like words.cpp.
#pragma once

#include <initializer_list>
#include <string>
#include <vector>

#include "dawson/report/severity.h"

namespace dawson::report {

/// {0}, {1}, … are places for values; `filled` puts them there.
struct Words {
  std::string language;  ///< BCP 47, for screen readers: "en"

  std::string title, subtitle, disclaimer, follow_up, not_given, none;
  // Fields of the severity report and of the scan.
  std::string name, participant, age, sex, image, sequences, date;
  std::string total_lesions, lesions_of_3mm, single_voxel_lesions;
  // Under the page's large figures: short.
  std::string short_of_3mm, short_single_voxel, short_all_of_mask, short_severity;
  std::string lesion_volume, brain_volume, of_brain, lesion_percent, severity, severity_scale;
  std::string scan_size, voxel_size, orientation, skull, skull_present, skull_removed;
  std::string model, program, warnings, more_warnings, notes, about;
  std::string severity_none, severity_minimal, severity_mild, severity_moderate, severity_severe,
      severity_undetermined;
  // Sentences below the figures.
  std::vector<std::string> limits;
  std::string thick_slices, brain_volume_error;
  // The lesion table.
  std::string largest_lesions, all_lesions, no_lesions;
  std::string column_id, column_volume, column_voxels, column_centre, column_extents, column_slice,
      column_mean, column_peak;
  // Pictures.
  std::string picture, picture_description, slice, radiological_convention, sagittal_convention;
  std::string legend_lesion, legend_found, legend_missed, legend_false;
  // Heat layer, zooms, comparison with a reference.
  std::string mm, ml, probability, legend_mask, legend_high_confidence, heat_from;
  std::string plane_axial, plane_coronal, plane_sagittal, zoom_lesion, zoom_centre, zoom_window,
      zoom_ticks, legend_this_lesion, legend_neighbour;
  std::string comparison_reference, comparison_prediction, comparison_counts, comparison_rule,
      legend_only_reference, legend_only_prediction;
  std::string page;

  [[nodiscard]] const std::string& of(Severity severity) const;
};

const Words& english();

/// The template with its {0}, {1}, … replaced by `values`.
std::string filled(const std::string& text, std::initializer_list<std::string> values);

}  // namespace dawson::report
