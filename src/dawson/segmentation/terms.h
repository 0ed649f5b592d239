// The terms of the logistic regression: features, squares and products of them.
#pragma once

#include <string>
#include <vector>

namespace dawson::segmentation {

/// "flair", …, "flair^2", …, "flair*frequency", …: base_features first.
const std::vector<std::string>& term_names();

/// The terms of a row of base_features, in that order.
void fill_terms(const float* features, float* terms);

/// Σ coefficients · terms, the intercept first, of a row of base_features.
float log_odds(const float* features, const std::vector<double>& coefficients);

}  // namespace dawson::segmentation
