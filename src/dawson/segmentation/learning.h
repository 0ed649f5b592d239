// What is learned from voxels with known labels: a logistic regression, a random forest.
#pragma once

#include <cstdint>
#include <vector>

#include "dawson/core/json.h"

namespace dawson::segmentation {

/// Voxels to learn from: a row each.
struct LabelledRows {
  std::size_t columns = 0;
  std::vector<float> values;  ///< [rows, columns]
  std::vector<std::uint8_t> lesion;
  std::vector<float> weight;
  [[nodiscard]] std::size_t rows() const { return lesion.size(); }
};

/// Coefficients of log odds = c[0] + Σ c[1 + i] · row[i], by Newton's method with a penalty of
/// l2 / 2 · Σ c[1 + i]² against a mean log likelihood. Throws Error{input} unless both labels
/// occur.
std::vector<double> fit_logistic(const LabelledRows& rows, double l2);

/// One tree: a node whose `left` is 0 is a leaf; else a row goes left when
/// row[feature] ≤ threshold. `value` is the share of lesions there.
struct TreeNode {
  int feature = 0;
  float threshold = 0;
  int left = 0, right = 0;
  float value = 0;
};
using Tree = std::vector<TreeNode>;

struct ForestSettings {
  int trees = 50;
  int depth = 10;
  int smallest_leaf = 10;  ///< rows
  int features = 5;        ///< tried at each split
};

/// Breiman's random forest (2001) by OpenCV, which knows no weights of rows. The same seed gives
/// the same forest. Throws Error{input} unless both labels occur.
std::vector<Tree> fit_forest(const LabelledRows& rows, const ForestSettings& settings,
                             std::uint64_t seed);

/// Mean of the trees' values, 0–1.
float forest_value(const std::vector<Tree>& forest, const float* row);
/// Its log odds, with the value kept between 0.001 and 0.999.
float forest_score(const std::vector<Tree>& forest, const float* row);

/// A text a tree, nodes between commas: "feature threshold left right", or a leaf's "value".
core::Json to_json(const std::vector<Tree>& forest);
/// Throws Error{model} for trees that lead out of themselves or ask for a feature beyond `columns`.
std::vector<Tree> forest_from_json(const core::Json& json, std::size_t columns);

}  // namespace dawson::segmentation
