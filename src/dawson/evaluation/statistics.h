// Means with intervals, and comparisons: patients, not scans, are the unit.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace dawson::evaluation {

/// One figure of one case. NaN: undefined there.
struct PatientValue {
  std::string patient;
  double value = 0;
};

struct Interval {
  double low = 0;
  double high = 0;
};

struct BootstrapSettings {
  std::size_t draws = 10000;
  std::uint64_t seed = 20130;
  double level = 0.95;
};

/// A group with fewer patients is listed value by value, without an interval.
inline constexpr std::size_t min_patients_for_interval = 5;

/// The mean over patients of each patient's mean over visits.
struct Summary {
  double mean = 0;                     ///< NaN where nothing is defined
  std::optional<Interval> interval;    ///< from min_patients_for_interval patients on
  std::size_t cases = 0;               ///< with a defined value
  std::size_t undefined_cases = 0;     ///< left out of the mean, and counted
  std::vector<PatientValue> patients;  ///< each patient's mean, by name
};

/// Means per patient, sorted by name; undefined values are left out.
std::vector<PatientValue> patient_means(const std::vector<PatientValue>& cases);

/// The value below which the share `p` lies, linear between ranks. `sorted` rises, is not empty.
double quantile(const std::vector<double>& sorted, double p);

/// The middle `level` of values that a bootstrap drew; NaN where there are none.
Interval middle_of(std::vector<double> draws, double level);

/// Percentile bootstrap over patients (Efron 1979): `draws` resamples of the given values.
Interval bootstrap_mean(const std::vector<double>& values, const BootstrapSettings& settings = {});

Summary summarise(const std::vector<PatientValue>& cases, const BootstrapSettings& settings = {});

/// Two models on the same patients.
struct PairedComparison {
  std::size_t patients = 0;          ///< with a defined value of both
  double mean_difference = 0;        ///< first − second
  std::optional<Interval> interval;  ///< of the difference, bootstrap over patients
  double wilcoxon_p = 0;             ///< two-sided signed-rank test; NaN where all are equal
};

/// Pairs patients by name; each patient's value is the mean over its cases.
PairedComparison compare_paired(const std::vector<PatientValue>& first,
                                const std::vector<PatientValue>& second,
                                const BootstrapSettings& settings = {});

/// Two groups of different patients.
struct GroupComparison {
  double mean_difference = 0;        ///< first − second; NaN where either is empty
  std::optional<Interval> interval;  ///< bootstrap within each group, both of five patients or more
  /// Two-sided permutation test of the difference of means (Fisher 1935; Pitman 1937): the share of
  /// `draws` random divisions into groups of these sizes that differ as much, the one seen counted
  /// among them. NaN where there is no interval.
  double permutation_p = 0;
  /// The true difference that groups like these would show in four of five studies: (1.96 + 0.84)
  /// standard errors, taken from the interval's width. NaN where there is no interval.
  double detectable_difference = 0;
};

/// The values of a group are one a patient.
GroupComparison compare_groups(const std::vector<double>& first, const std::vector<double>& second,
                               const BootstrapSettings& settings = {});

/// p values adjusted for being looked at together (Holm 1979), in the order given. NaN stays and
/// does not count.
std::vector<double> holm_adjusted(const std::vector<double>& p);

struct SignedRank {
  std::size_t pairs = 0;     ///< differences other than zero
  double rank_sum_plus = 0;  ///< of the positive ones
  double p = 0;              ///< two-sided; NaN without pairs
};

/// Wilcoxon's signed-rank test (1945). Zeros are left out, ties share their mean rank. Exact (the
/// permutation distribution with those ties) up to 50 pairs, else normal with tie and continuity
/// corrections.
SignedRank wilcoxon_signed_rank(const std::vector<double>& differences);

/// How well the volumes of a cohort agree.
struct VolumeAgreement {
  std::size_t cases = 0;
  double pearson = 0;    ///< NaN where either side does not vary
  double icc_2_1 = 0;    ///< two-way random, absolute agreement, single (Shrout, Fleiss 1979)
  double bias = 0;       ///< mean of predicted − reference
  double deviation = 0;  ///< standard deviation of the differences
  Interval limits;       ///< bias ± 1.96 deviations (Bland and Altman 1986)
};

/// Pairs (reference, predicted); all NaN below two cases.
VolumeAgreement volume_agreement(const std::vector<std::pair<double, double>>& volumes);

}  // namespace dawson::evaluation
