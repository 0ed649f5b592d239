// Which trials go on, and what the best of them is worth. Successive halving: Jamieson and
// Talwalkar 2016.
#pragma once

#include <cstddef>
#include <limits>
#include <map>
#include <string>
#include <vector>

namespace dawson::workflow {

/// What a trial reached: its score for each patient, (Dice + lesion F1) / 2, on predictions by
/// models that had not seen the patient. Empty: it failed.
using PatientScores = std::map<std::string, double>;

/// NaN for a trial that failed.
double mean_score(const PatientScores& scores);

/// How many trials each rung has: all, then `keep` of the rung before, rounded up.
std::vector<std::size_t> rung_sizes(std::size_t trials, std::size_t rungs, double keep);

/// The `count` best of `trials` (indices into `scores`, all of a rung), best first; equal ones in
/// their order. Those that failed are left out.
std::vector<std::size_t> promoted(const std::vector<std::size_t>& trials,
                                  const std::vector<PatientScores>& scores, std::size_t count);

/// The best trial's score flatters: it was chosen on the patients that it is judged on. Here each
/// fold's patients are judged by the trial that is best on the other folds' patients. Only the
/// choice is nested: the other folds' scores are of models that trained on the fold. NaN with one
/// fold, or without a trial that did not fail.
double nested_score(const std::vector<PatientScores>& scores,
                    const std::map<std::string, int>& fold_of_patient);

}  // namespace dawson::workflow
