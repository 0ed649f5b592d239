#include "dawson/segmentation/calibration.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "dawson/core/error.h"
#include "dawson/segmentation/learning.h"
#include "dawson/segmentation/scorer.h"

namespace dawson::segmentation {
namespace {

constexpr std::size_t cuts = 200;
constexpr double flattest = 0.05;
constexpr double steepest = 20;

std::vector<double> candidate_cuts(const std::vector<ScoredVoxels>& scans) {
  std::vector<float> of_lesions;
  for (const ScoredVoxels& s : scans) {
    for (std::size_t v = 0; v < s.score.size(); ++v) {
      if (s.lesion[v] != 0 && s.score[v] > no_lesion) of_lesions.push_back(s.score[v]);
    }
  }
  if (of_lesions.empty()) {
    throw Error(ExitCode::input, "the method rules out every lesion of the training scans");
  }
  std::sort(of_lesions.begin(), of_lesions.end());
  std::vector<double> candidates;
  for (std::size_t n = 0; n < cuts; ++n) {
    candidates.push_back(of_lesions[n * (of_lesions.size() - 1) / (cuts - 1)]);
  }
  return candidates;
}

/// Dice of one scan at each of the ascending cuts.
std::vector<double> dice_at(const ScoredVoxels& scan, const std::vector<double>& at) {
  std::vector<double> hit(at.size() + 1, 0), wrong(at.size() + 1, 0);  // by cuts that are reached
  double lesions = 0;
  for (std::size_t v = 0; v < scan.score.size(); ++v) {
    const auto reached = static_cast<std::size_t>(
        std::upper_bound(at.begin(), at.end(), scan.score[v]) - at.begin());
    (scan.lesion[v] != 0 ? hit : wrong)[reached] += scan.weight[v];
    if (scan.lesion[v] != 0) lesions += scan.weight[v];
  }
  std::vector<double> dice(at.size());
  double found = 0;
  double added = 0;
  for (std::size_t n = at.size(); n-- > 0;) {
    found += hit[n + 1];
    added += wrong[n + 1];
    const double sum = found + added + lesions;
    dice[n] = sum > 0 ? 2 * found / sum : 1;
  }
  return dice;
}

}  // namespace

float Calibration::operator()(float score) const {
  if (score <= no_lesion) return 0;
  return static_cast<float>(1 / (1 + std::exp(-slope * (score - cut))));
}

core::Json to_json(const Calibration& calibration) {
  return {{"cut", calibration.cut}, {"slope", calibration.slope}};
}

BestCut best_cut(const std::vector<ScoredVoxels>& scans) {
  const std::vector<double> at = candidate_cuts(scans);
  std::map<std::string, std::pair<std::vector<double>, int>> patients;  // sums, scans
  for (const ScoredVoxels& s : scans) {
    auto& [sums, count] =
        patients.try_emplace(s.patient, std::vector<double>(cuts, 0), 0).first->second;
    const std::vector<double> dice = dice_at(s, at);
    for (std::size_t n = 0; n < cuts; ++n) sums[n] += dice[n];
    ++count;
  }
  BestCut best{at.front(), -1};
  for (std::size_t n = 0; n < cuts; ++n) {
    double mean = 0;
    for (const auto& [name, patient] : patients) {
      mean += patient.first[n] / patient.second / static_cast<double>(patients.size());
    }
    if (mean > best.dice) best = {at[n], mean};
  }
  return best;
}

Calibration calibrate(const std::vector<ScoredVoxels>& scans) {
  LabelledRows rows;
  rows.columns = 1;
  for (const ScoredVoxels& s : scans) {
    const float brain = std::accumulate(s.weight.begin(), s.weight.end(), 0.0F);
    for (std::size_t v = 0; v < s.score.size(); ++v) {
      if (s.score[v] <= no_lesion) continue;
      rows.values.push_back(s.score[v]);
      rows.lesion.push_back(s.lesion[v]);
      rows.weight.push_back(s.weight[v] / brain);
    }
  }
  const double slope = fit_logistic(rows, 0)[1];
  return {best_cut(scans).cut, std::clamp(slope, flattest, steepest)};
}

}  // namespace dawson::segmentation
