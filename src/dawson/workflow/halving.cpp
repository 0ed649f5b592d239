#include "dawson/workflow/halving.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace dawson::workflow {

double mean_score(const PatientScores& scores) {
  if (scores.empty()) return std::numeric_limits<double>::quiet_NaN();
  double sum = 0;
  for (const auto& [patient, score] : scores) sum += score;
  return sum / static_cast<double>(scores.size());
}

std::vector<std::size_t> rung_sizes(std::size_t trials, std::size_t rungs, double keep) {
  std::vector<std::size_t> sizes;
  for (std::size_t r = 0; r < rungs; ++r) {
    sizes.push_back(trials);
    const double left = std::ceil(static_cast<double>(trials) * keep - 1e-9);
    trials = std::max<std::size_t>(1, static_cast<std::size_t>(left));
  }
  return sizes;
}

std::vector<std::size_t> promoted(const std::vector<std::size_t>& trials,
                                  const std::vector<PatientScores>& scores, std::size_t count) {
  std::vector<std::size_t> best;
  for (const std::size_t t : trials) {
    if (!scores.at(t).empty()) best.push_back(t);
  }
  std::stable_sort(best.begin(), best.end(), [&](std::size_t a, std::size_t b) {
    return mean_score(scores[a]) > mean_score(scores[b]);
  });
  best.resize(std::min(best.size(), count));
  return best;
}

double nested_score(const std::vector<PatientScores>& scores,
                    const std::map<std::string, int>& fold_of_patient) {
  std::set<int> folds;
  for (const auto& [patient, fold] : fold_of_patient) folds.insert(fold);
  if (folds.size() < 2) return std::numeric_limits<double>::quiet_NaN();
  PatientScores judged;
  for (const int fold : folds) {
    const PatientScores* best = nullptr;
    double highest = -std::numeric_limits<double>::infinity();
    for (const PatientScores& trial : scores) {
      PatientScores others;
      for (const auto& [patient, score] : trial) {
        if (fold_of_patient.at(patient) != fold) others.emplace(patient, score);
      }
      if (const double mean = mean_score(others); mean > highest) {
        highest = mean;
        best = &trial;
      }
    }
    if (best == nullptr) continue;
    for (const auto& [patient, score] : *best) {
      if (fold_of_patient.at(patient) == fold) judged.emplace(patient, score);
    }
  }
  return mean_score(judged);
}

}  // namespace dawson::workflow
