// An evaluated cohort of given figures.
#pragma once

#include <cmath>
#include <limits>
#include <string>

#include "dawson/evaluation/cohort.h"

namespace dawson::report::made {

/// One scan of its own patient.
inline evaluation::CaseResult evaluated(const std::string& site, const std::string& name,
                                        double reference_ml, double predicted_ml, double dice) {
  evaluation::CaseResult c;
  c.site = site;
  c.patient = site + "/" + name;
  c.name = c.patient;
  auto& voxels = c.measures.voxels;
  voxels.reference_ml = reference_ml;
  voxels.predicted_ml = predicted_ml;
  voxels.volume_difference_ml = predicted_ml - reference_ml;
  voxels.dice = dice;
  auto& lesions = c.measures.lesions;
  const bool any = reference_ml > 0;
  lesions.f1 = any ? dice : std::numeric_limits<double>::quiet_NaN();
  lesions.all.reference = any ? 4 : 0;
  lesions.all.found = any ? 2 : 0;
  lesions.by_size[1].reference = any ? 4 : 0;
  lesions.by_size[1].found = any ? 2 : 0;
  return c;
}

/// Six patients of site "a" (differences −2, −1, 0, 1, 2 and 6 ml) and two of site "b".
inline evaluation::CohortResult cohort() {
  evaluation::CohortResult made;
  const double differences[] = {-2, -1, 0, 1, 2, 6};
  for (int n = 0; n < 6; ++n) {
    const double reference = 3 + 4 * n;
    made.cases.push_back(evaluated("a", "sub-" + std::to_string(n), reference,
                                   reference + differences[n], 0.5 + 0.06 * n));
  }
  made.cases.push_back(evaluated("b", "sub-8", 40, 40, 0.9));
  made.cases.push_back(evaluated("b", "sub-9", 0, 0, 1));
  return made;
}

}  // namespace dawson::report::made
