// Making a patient-level split whose folds are alike.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "dawson/dataset/folds.h"

namespace dawson::dataset {

/// What folds are balanced by; what is not known is a level of its own.
struct PatientTraits {
  std::string source, participant;
  std::string site;
  std::optional<std::string> sex;
  std::optional<double> age_years;
  std::optional<double> lesion_ml;  ///< mean of the patient's scans
  std::size_t scans = 0;
};

/// Millilitres in each scan's manual mask, none where it has none. Throws Error{input} when one
/// cannot be read.
using Volumes = std::vector<std::optional<double>>;
Volumes lesion_volumes_ml(const std::vector<Scan>& scans);

/// The patients of scans, in their order; sites, ages and sexes come from participants.tsv. Throws
/// Error{input} when that cannot be read.
std::vector<PatientTraits> traits_of(const std::vector<Scan>& scans, const Volumes& volumes);

/// A fold (0 … count - 1) for each patient, of sizes that differ by one at most, with sites, sexes,
/// and thirds of lesion volume and of age spread as evenly as they can be: iterative stratification
/// (Sechidis, Tsoumakas and Vlahavas, ECML PKDD 2011), the best of 100 seeded runs. Throws
/// Error{usage} for more folds than patients.
std::vector<int> stratify(const std::vector<PatientTraits>& patients, int count,
                          std::uint64_t seed);

/// The split of all scans, a row each.
Folds make_folds(const std::vector<Scan>& scans, const Volumes& volumes,
                 const std::vector<PatientTraits>& patients,
                 const std::vector<int>& fold_of_patient);

/// "fold 0: 4 patients, 5 scans; lesions 3.2–72.9 ml, median 16.1; sites a 1, b 3; …", a line a
/// fold.
std::vector<std::string> describe_folds(const std::vector<PatientTraits>& patients,
                                        const std::vector<int>& fold_of_patient);

}  // namespace dawson::dataset
