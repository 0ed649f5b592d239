#include <cmath>
#include <limits>

#include "dawson/evaluation/measures.h"

namespace dawson::evaluation {
namespace {

using Case = const CaseMeasures&;

double number_of(std::size_t count) {
  return static_cast<double>(count);
}

double ratio(std::size_t part, std::size_t whole) {
  return whole == 0 ? std::numeric_limits<double>::quiet_NaN() : number_of(part) / number_of(whole);
}

/// A figure of the probabilities, NaN where there are none.
std::function<double(Case)> from_probabilities(double ProbabilityMeasures::*figure) {
  return [figure](Case c) {
    return c.probabilities ? (*c.probabilities).*figure : std::numeric_limits<double>::quiet_NaN();
  };
}

void append_voxel_columns(std::vector<MeasureColumn>& columns) {
  const std::vector<MeasureColumn> voxel = {
      {"dice", "Dice overlap over the whole volume; both masks empty 1, one empty 0", 4, true,
       [](Case c) { return c.voxels.dice; }},
      {"sensitivity", "share of the reference's voxels in the brain that were found", 4, true,
       [](Case c) { return c.voxels.sensitivity; }},
      {"specificity", "share of the brain's other voxels that were left alone", 6, true,
       [](Case c) { return c.voxels.specificity; }},
      {"accuracy", "share of the brain's voxels that were judged rightly", 6, true,
       [](Case c) { return c.voxels.accuracy; }},
      {"ppv", "share of the predicted voxels in the brain that are in the reference", 4, true,
       [](Case c) { return c.voxels.ppv; }},
      {"ndsc", "normalised Dice of the Shifts challenge (r = 0.001) over the whole volume", 4, true,
       [](Case c) { return c.voxels.ndsc; }},
      {"ndsc_voxels", "N of ndsc: voxels of the whole volume, on which it depends", 0, false,
       [](Case c) { return number_of(c.voxels.whole.total()); }},
      {"ndsc_brain", "normalised Dice (r = 0.001) over the brain", 4, true,
       [](Case c) { return c.voxels.ndsc_brain; }},
      {"brain_voxels", "voxels of the brain mask; 0 where none is known", 0, false,
       [](Case c) { return number_of(c.voxels.brain.total()); }},
      {"lesion_voxels_outside_brain",
       "voxels of either mask outside the brain mask, not seen by the four measures in the brain",
       0, false, [](Case c) { return number_of(c.voxels.lesion_voxels_outside_brain); }},
      {"true_positive_voxels", "voxels in both masks, whole volume", 0, false,
       [](Case c) { return number_of(c.voxels.whole.true_positive); }},
      {"false_positive_voxels", "voxels in the prediction alone, whole volume", 0, false,
       [](Case c) { return number_of(c.voxels.whole.false_positive); }},
      {"false_negative_voxels", "voxels in the reference alone, whole volume", 0, false,
       [](Case c) { return number_of(c.voxels.whole.false_negative); }},
      {"reference_ml", "lesion volume of the reference, ml", 3, true,
       [](Case c) { return c.voxels.reference_ml; }},
      {"predicted_ml", "lesion volume of the prediction, ml", 3, true,
       [](Case c) { return c.voxels.predicted_ml; }},
      {"volume_difference_ml", "predicted less reference volume, ml", 3, true,
       [](Case c) { return c.voxels.volume_difference_ml; }},
      {"absolute_volume_difference_ml", "the same without its sign, ml", 3, true,
       [](Case c) { return std::abs(c.voxels.volume_difference_ml); }},
      {"volume_difference_percent", "predicted less reference volume, % of the reference", 2, true,
       [](Case c) { return c.voxels.volume_difference_percent; }},
      {"absolute_volume_difference_percent", "the same without its sign, %", 2, true,
       [](Case c) { return std::abs(c.voxels.volume_difference_percent); }},
      {"hd95_mm", "larger of the two directed 95th percentiles of surface distance, mm", 3, true,
       [](Case c) { return c.surface.hd95_mm; }},
      {"assd_mm", "average symmetric surface distance, mm", 3, true,
       [](Case c) { return c.surface.assd_mm; }},
  };
  columns.insert(columns.end(), voxel.begin(), voxel.end());
}

void append_lesion_columns(std::vector<MeasureColumn>& columns) {
  const std::vector<MeasureColumn> lesion = {
      {"lesion_sensitivity", "share of the reference's lesions that were found", 4, true,
       [](Case c) { return c.lesions.sensitivity; }},
      {"lesion_ppv", "share of the predicted lesions that are true", 4, true,
       [](Case c) { return c.lesions.ppv; }},
      {"lesion_f1", "F1 of lesion sensitivity and PPV", 4, true,
       [](Case c) { return c.lesions.f1; }},
      {"false_lesions", "predicted lesions that are not true", 0, true,
       [](Case c) { return number_of(c.lesions.false_lesions); }},
      {"reference_lesions", "lesions of the reference", 0, true,
       [](Case c) { return number_of(c.lesions.all.reference); }},
      {"found_lesions", "lesions of the reference that were found", 0, false,
       [](Case c) { return number_of(c.lesions.all.found); }},
      {"predicted_lesions", "lesions of the prediction", 0, true,
       [](Case c) { return number_of(c.lesions.all.predicted); }},
      {"true_lesions", "lesions of the prediction that are true", 0, false,
       [](Case c) { return number_of(c.lesions.all.confirmed); }},
  };
  columns.insert(columns.end(), lesion.begin(), lesion.end());
  for (std::size_t n = 0; n < size_class_names.size(); ++n) {
    const std::string name = size_class_names[n];
    const std::string of_size =
        n + 1 < size_class_from_mm3.size()
            ? "of " + std::to_string(static_cast<int>(size_class_from_mm3[n])) + " to under " +
                  std::to_string(static_cast<int>(size_class_from_mm3[n + 1])) + " mm³"
            : "of 500 mm³ and more";
    const std::string small = n == 0 ? " (and smaller, where the rule counts them)" : "";
    columns.push_back({"reference_lesions_" + name, "reference lesions " + of_size + small, 0,
                       false, [n](Case c) { return number_of(c.lesions.by_size[n].reference); }});
    columns.push_back(
        {"lesion_sensitivity_" + name, "share found of those " + of_size, 4, true, [n](Case c) {
           const LesionCounts& size = c.lesions.by_size[n];
           return ratio(size.found, size.reference);
         }});
    columns.push_back({"predicted_lesions_" + name, "predicted lesions " + of_size + small, 0,
                       false, [n](Case c) { return number_of(c.lesions.by_size[n].predicted); }});
    columns.push_back(
        {"lesion_ppv_" + name, "share true of those " + of_size, 4, true, [n](Case c) {
           const LesionCounts& size = c.lesions.by_size[n];
           return ratio(size.confirmed, size.predicted);
         }});
  }
}

void append_probability_columns(std::vector<MeasureColumn>& columns) {
  const std::vector<MeasureColumn> probability = {
      {"ece_brain", "expected calibration error in the brain, 15 bins of equal mass", 5, true,
       from_probabilities(&ProbabilityMeasures::ece_brain)},
      {"ece_above_1pc", "the same over the brain's voxels with a probability above 0.01", 5, true,
       from_probabilities(&ProbabilityMeasures::ece_above_1pc)},
      {"brier", "Brier score in the brain", 6, true,
       from_probabilities(&ProbabilityMeasures::brier)},
      {"roc_auc", "area under the ROC curve over voxels of the brain; flattering, see pr_auc", 5,
       true, from_probabilities(&ProbabilityMeasures::roc_auc)},
      {"pr_auc", "average precision over voxels of the brain", 4, true,
       from_probabilities(&ProbabilityMeasures::pr_auc)},
      {"scan_score",
       "score of \"this scan has a lesion\": mean probability of the largest predicted lesion, 0 "
       "where none was predicted",
       4, false, [](Case c) { return c.scan_score; }},
  };
  columns.insert(columns.end(), probability.begin(), probability.end());
}

}  // namespace

const std::vector<MeasureColumn>& measure_columns() {
  static const std::vector<MeasureColumn> all = [] {
    std::vector<MeasureColumn> columns;
    append_voxel_columns(columns);
    append_lesion_columns(columns);
    append_probability_columns(columns);
    return columns;
  }();
  return all;
}

}  // namespace dawson::evaluation
