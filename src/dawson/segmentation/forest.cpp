// A forest as it is stored and walked.
#include <algorithm>
#include <cmath>

#include "dawson/core/error.h"
#include "dawson/segmentation/learning.h"

namespace dawson::segmentation {
namespace {

constexpr float least_share = 1e-3F;

/// Four digits: finer than the steps of anything a node is made of.
double rounded(float value) {
  return std::round(static_cast<double>(value) * 1e4) / 1e4;
}

}  // namespace

float forest_value(const std::vector<Tree>& forest, const float* row) {
  float sum = 0;
  for (const Tree& tree : forest) {
    const TreeNode* node = tree.data();
    while (node->left != 0) {
      node = &tree[static_cast<std::size_t>(row[node->feature] <= node->threshold ? node->left
                                                                                  : node->right)];
    }
    sum += node->value;
  }
  return sum / static_cast<float>(forest.size());
}

float forest_score(const std::vector<Tree>& forest, const float* row) {
  const float share = std::clamp(forest_value(forest, row), least_share, 1 - least_share);
  return std::log(share / (1 - share));
}

core::Json to_json(const std::vector<Tree>& forest) {
  core::Json trees = core::Json::array();
  for (const Tree& tree : forest) {
    core::Json feature = core::Json::array();
    core::Json threshold = feature, left = feature, right = feature, value = feature;
    for (const TreeNode& n : tree) {
      const bool leaf = n.left == 0;
      feature.push_back(leaf ? 0 : n.feature);
      threshold.push_back(leaf ? 0 : rounded(n.threshold));
      left.push_back(n.left);
      right.push_back(n.right);
      value.push_back(leaf ? rounded(n.value) : 0);
    }
    trees.push_back({{"feature", feature},
                     {"threshold", threshold},
                     {"left", left},
                     {"right", right},
                     {"value", value}});
  }
  return trees;
}

std::vector<Tree> forest_from_json(const core::Json& json, std::size_t columns) {
  std::vector<Tree> forest;
  for (const core::Json& stored : json) {
    const std::vector<int> feature = stored.at("feature");
    const std::vector<float> threshold = stored.at("threshold");
    const std::vector<int> left = stored.at("left");
    const std::vector<int> right = stored.at("right");
    const std::vector<float> value = stored.at("value");
    const auto nodes = static_cast<int>(feature.size());
    bool sound = nodes > 0;
    for (const std::size_t size : {threshold.size(), left.size(), right.size(), value.size()}) {
      sound = sound && size == feature.size();
    }
    Tree tree;
    for (int n = 0; sound && n < nodes; ++n) {
      const auto at = static_cast<std::size_t>(n);
      tree.push_back({feature[at], threshold[at], left[at], right[at], value[at]});
      const bool leaf = left[at] == 0 && right[at] == 0;
      // Children stand after their parent, so that every walk ends.
      sound = feature[at] >= 0 && feature[at] < static_cast<int>(columns) &&
              (leaf || (left[at] > n && right[at] > n && left[at] < nodes && right[at] < nodes));
    }
    if (!sound) throw Error(ExitCode::model, "a tree of the forest is damaged");
    forest.push_back(std::move(tree));
  }
  if (forest.empty()) throw Error(ExitCode::model, "the forest has no trees");
  return forest;
}

}  // namespace dawson::segmentation
