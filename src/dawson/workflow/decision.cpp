#include "dawson/workflow/decision.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "dawson/core/error.h"
#include "dawson/evaluation/lesion_measures.h"
#include "dawson/evaluation/statistics.h"
#include "dawson/evaluation/voxel_measures.h"
#include "dawson/volume/nifti.h"

namespace dawson::workflow {
namespace {

constexpr std::array thresholds = {0.2, 0.3, 0.4, 0.5, 0.6, 0.7};
constexpr std::array peaks = {0.0, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95};
constexpr std::array volumes_mm3 = {3.0, 7.0, 15.0};
constexpr std::array temperatures = {0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.15, 1.3, 1.5, 1.75, 2.0, 2.5};
constexpr double least_probability = 1e-6;

double logit(double p) {
  const double inside = std::clamp(p, least_probability, 1 - least_probability);
  return std::log(inside / (1 - inside));
}

double sigmoid(double x) {
  return 1 / (1 + std::exp(-x));
}

/// What a probability becomes when its logit is divided by `temperature`; 0 and 1 stay.
double calibrated(double p, double temperature) {
  return p <= 0 || p >= 1 || temperature == 1 ? p : sigmoid(logit(p) / temperature);
}

segmentation::MaskRule calibrated(segmentation::MaskRule rule, double temperature) {
  rule.threshold = calibrated(rule.threshold, temperature);
  rule.min_peak = calibrated(rule.min_peak, temperature);
  return rule;
}

/// Mean over brain voxels of the cross-entropy at each temperature.
std::vector<double> cross_entropies(const volume::Image& probabilities,
                                    const volume::Mask& reference, const volume::Mask& brain) {
  std::vector<double> sums(temperatures.size(), 0);
  std::size_t voxels = 0;
  for (std::size_t v = 0; v < brain.data.size(); ++v) {
    if (brain.data[v] == 0) continue;
    ++voxels;
    const double x =
        reference.data[v] != 0 ? logit(probabilities.data[v]) : -logit(probabilities.data[v]);
    for (std::size_t t = 0; t < temperatures.size(); ++t) {
      sums[t] += std::log1p(std::exp(-x / temperatures[t]));
    }
  }
  for (double& s : sums) s /= static_cast<double>(std::max<std::size_t>(1, voxels));
  return sums;
}

/// Mean over patients of each patient's mean over visits, of values[index]; NaN ones left out.
double mean_over_patients(const std::vector<const RuleScores*>& scores,
                          std::vector<double> RuleScores::*values, std::size_t index) {
  std::vector<evaluation::PatientValue> cases;
  for (const RuleScores* s : scores) cases.push_back({s->patient, (s->*values)[index]});
  double sum = 0;
  const std::vector<evaluation::PatientValue> means = evaluation::patient_means(cases);
  for (const evaluation::PatientValue& m : means) sum += m.value;
  return means.empty() ? 0 : sum / static_cast<double>(means.size());
}

}  // namespace

std::vector<segmentation::MaskRule> candidate_rules() {
  std::vector<segmentation::MaskRule> rules;
  for (const double threshold : thresholds) {
    for (const double peak : peaks) {
      if (peak > 0 && peak <= threshold) continue;
      for (const double volume : volumes_mm3) rules.push_back({threshold, peak, volume});
    }
  }
  return rules;
}

RuleScores score_rules(const Prediction& prediction) {
  const volume::Image probabilities = volume::read_nifti(prediction.probabilities).image;
  const volume::Mask reference = volume::read_nifti_mask(prediction.reference);
  const volume::Mask brain = volume::read_nifti_mask(prediction.brain);
  RuleScores scores{prediction.patient, prediction.fold, {}, {}, {}, {}};
  for (const segmentation::MaskRule& rule : candidate_rules()) {
    const volume::Mask mask = segmentation::make_mask(probabilities, rule);
    const evaluation::LesionMeasures lesions = evaluation::measure_lesions(reference, mask);
    scores.dice.push_back(evaluation::dice(evaluation::count_voxels(reference, mask)));
    scores.lesion_f1.push_back(lesions.f1);
    scores.false_lesions.push_back(static_cast<double>(lesions.false_lesions));
  }
  scores.cross_entropy = cross_entropies(probabilities, reference, brain);
  return scores;
}

Decision choose(const std::vector<RuleScores>& all, int without_fold) {
  std::vector<const RuleScores*> scores;
  for (const RuleScores& s : all) {
    if (s.fold != without_fold) scores.push_back(&s);
  }
  if (scores.empty()) throw Error(ExitCode::input, "there are no predictions to choose a rule on");
  const std::vector<segmentation::MaskRule> rules = candidate_rules();
  std::vector<double> quality;
  for (std::size_t r = 0; r < rules.size(); ++r) {
    quality.push_back((mean_over_patients(scores, &RuleScores::dice, r) +
                       mean_over_patients(scores, &RuleScores::lesion_f1, r)) /
                      2);
  }
  const double enough = *std::max_element(quality.begin(), quality.end()) - as_good;
  Decision best;
  double fewest = std::numeric_limits<double>::infinity();
  for (std::size_t r = 0; r < rules.size(); ++r) {
    if (quality[r] < enough) continue;
    const double count = mean_over_patients(scores, &RuleScores::false_lesions, r);
    if (count < fewest) {
      fewest = count;
      best.rule = rules[r];
    }
  }
  double least = std::numeric_limits<double>::infinity();
  for (std::size_t t = 0; t < temperatures.size(); ++t) {
    const double entropy = mean_over_patients(scores, &RuleScores::cross_entropy, t);
    if (entropy < least) {
      least = entropy;
      best.temperature = temperatures[t];
    }
  }
  best.rule = calibrated(best.rule, best.temperature);
  return best;
}

segmentation::MaskRule raw_rule(const Decision& d) {
  return calibrated(d.rule, 1 / d.temperature);
}

core::Json to_json(const Decision& d) {
  return {{"threshold", d.rule.threshold},
          {"min_peak", d.rule.min_peak},
          {"min_volume_mm3", d.rule.min_volume_mm3},
          {"temperature", d.temperature}};
}

}  // namespace dawson::workflow
