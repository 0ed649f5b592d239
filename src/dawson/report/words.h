// Every word of the report. A second language is one more file like words.cpp.
#pragma once

#include <initializer_list>
#include <string>
#include <vector>

#include "dawson/report/severity.h"

namespace dawson::report {

/// What is written in and around plots.
struct PlotWords {
  // A training run.
  std::string iteration, history_loss, history_validation, history_rate, loss, dice_loss, bce_loss;
  std::string best_dice, no_validation, history_subtitle;
  // A cohort: counts and groups.
  std::string patients, one_patient, scans, one_scan, undefined, other_sites, all_sites, count;
  std::string mean_interval, value_interval, no_value, no_lesions, no_probabilities;
  // Dice and F1 by site.
  std::string dice_title, dice_axis, f1_title, f1_axis, sites_how, dice;
  // Curves.
  std::string roc_title, roc_x, roc_y, roc_area, pr_title, pr_x, pr_y, pr_area, curve_how,
      curve_few, curve_mean, curve_pooled, chance;
  std::string scan_roc_title, scan_roc_x, scan_roc_y, scan_roc_how, no_scan_roc;
  std::string difference_title, difference_how, difference_x, difference_row, difference_value,
      difference_count;
  std::string reliability_title, reliability_how, reliability_few, reliability_x, reliability_y;
  // Dice by load, agreement of volumes, sensitivity by size.
  std::string load_title, load_how, load_empty, load_axis;
  std::string volume_title, volume_x, volume_y, volume_how, volume_few, bias, upper_limit,
      lower_limit;
  std::string size_title, size_how, size_axis, size_y;
};

/// The page of an evaluated cohort.
struct EvaluationWords {
  std::string title, disclaimer, measured, rule, means, not_applicable, version, command;
  std::string contents, in_short, plots, plot_files, not_drawn, overall_title, groups_title,
      groups_note, scan_title, comparison_title, cases_title, cases_note, show_cases, failed_title,
      failed_note, without_reference, measures_title, files_title, files;
  std::string measure, overall, count, pooled, scan, patients, group, no_interval;
  std::string dice, lesion_f1, lesion_sensitivity, lesion_ppv, false_lesions;
  // Groups, whole scans, two models.
  std::string by_column, others, difference, adjusted_p, detectable, verdict, fairness_title,
      fairness_note, show_rows;
  std::string scan_score, scans_with, scans_without, scans_no_score, scan_sensitivity,
      scan_specificity, scan_auc, scan_auc_undefined, value;
  std::string scope, here, against, wilcoxon, comparison_note, only_here, only_against, per_site;
};

/// What is written in the case page's viewer and around it.
struct CasePageWords {
  std::string skip, patient, findings, viewer, loading, no_script, no_viewer, reduced;
  // The viewer's controls and what it says.
  std::string plane, slice, overlay, colours, colours_lesions, colours_probability,
      colours_relevance, opacity, brightness, contrast, reset, zoom, zoom_in, zoom_out, here_lesion,
      here_small, help_title;
  std::vector<std::string> help;  ///< keys and gestures
  // Scales of the layers.
  std::string from_to_probability, relevance_against, relevance_for, relevance_reading,
      relevance_left_out, legend_selected;
  // The lesion table.
  std::string table_hint, column_x, column_y, column_z, show_lesion, shown_of, show_all,
      table_region, picture_region, further;
};

/// {0}, {1}, … are places for values; `filled` puts them there.
struct Words {
  std::string language;  ///< BCP 47, for screen readers: "en"

  std::string title, subtitle, disclaimer, follow_up, not_given, none;
  // Fields of the severity report and of the scan.
  std::string name, participant, age, sex, image, sequences, date;
  std::string total_lesions, lesions_of_3mm, single_voxel_lesions;
  // Under the page's large figures: short.
  std::string short_of_3mm, short_single_voxel, short_all_of_mask, short_severity, short_range;
  std::string lesion_volume, brain_volume, of_brain, lesion_percent, severity, severity_scale;
  std::string scan_size, voxel_size, orientation, skull, skull_present, skull_removed;
  std::string model, program, warnings, more_warnings, notes, about;
  std::string severity_none, severity_minimal, severity_mild, severity_moderate, severity_severe,
      severity_undetermined;
  // Sentences below the figures.
  std::vector<std::string> limits;
  std::vector<std::string> cannot_tell;
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
  // The report's further pages.
  std::string front_note, report_id, mm3, from_to, over, continued, more_lesions, method,
      limits_title;
  std::string sizes_title, sizes_axis, sizes_count, sizes_note, column_size_class, column_lesions,
      column_share, uncounted;
  std::string confidence_title, confidence_note, zooms_title, zooms_note;
  // What the brain volume's error does to the percentage.
  std::string range, range_sentence, range_may_read, range_of_scans, range_not_known,
      range_not_measured, range_no_brain, range_no_lesions;
  // The scan's quality, as far as it is looked at.
  std::string quality, slices_apart, voxels_of, protocol, core_protocol_3d, core_protocol_2d,
      core_protocol_coarse, in_plane_coarse, field_of_view, coverage, coverage_inside,
      coverage_reaches, edge_left, edge_right, edge_anterior, edge_posterior, edge_superior,
      edge_inferior, not_checked, not_checked_what;
  // What a decision rested on.
  std::string relevance_scan, relevance_against, relevance_for, relevance_sum, relevance_flair,
      relevance_lesion_frequency, relevance_region, relevance_other_lesions, relevance_note,
      relevance_of_lesion, relevance_of_all, relevance_of_healthy, relevance_decision;
  // The place within a reference cohort.
  std::string cohort, cohort_file, cohort_cases, cohort_left_out, cohort_place, cohort_small,
      cohort_reading, cohort_here, cohort_axis;
  // How it was made.
  std::string run, run_scan_hash, run_model_hash, run_rule, run_rule_value, run_mirrored,
      run_record, yes, no;
  // Plots.
  PlotWords plots;
  // The case page.
  CasePageWords case_page;
  EvaluationWords evaluation;

  [[nodiscard]] const std::string& of(Severity severity) const;
};

const Words& english();

/// The template with its {0}, {1}, … replaced by `values`.
std::string filled(const std::string& text, std::initializer_list<std::string> values);

}  // namespace dawson::report
