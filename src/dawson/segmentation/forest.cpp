// A forest as it is stored and walked.
#include <algorithm>
#include <cmath>
#include <locale>
#include <sstream>

#include "dawson/core/error.h"
#include "dawson/segmentation/learning.h"

namespace dawson::segmentation {
namespace {

constexpr float least_share = 1e-3F;

/// Four digits: finer than the steps of anything a node is made of.
double rounded(float value) {
  return std::round(static_cast<double>(value) * 1e4) / 1e4;
}

/// Nodes between commas; what cannot be read gives a node that is not sound.
Tree tree_from(const std::string& text) {
  Tree tree;
  std::istringstream nodes(text);
  for (std::string node; std::getline(nodes, node, ',');) {
    std::istringstream in(node);
    in.imbue(std::locale::classic());
    std::vector<float> numbers;
    for (float number = 0; in >> number;) numbers.push_back(number);
    if (in.eof() && numbers.size() == 1) {
      tree.push_back({0, 0, 0, 0, numbers[0]});
    } else if (in.eof() && numbers.size() == 4) {
      tree.push_back({static_cast<int>(numbers[0]), numbers[1], static_cast<int>(numbers[2]),
                      static_cast<int>(numbers[3]), 0});
    } else {
      tree.push_back({-1, 0, 0, 0, 0});
    }
  }
  return tree;
}

/// Children stand after their parent, so that every walk ends.
bool is_sound(const Tree& tree, std::size_t columns) {
  const auto nodes = static_cast<int>(tree.size());
  for (int at = 0; at < nodes; ++at) {
    const TreeNode& n = tree[static_cast<std::size_t>(at)];
    if (n.feature < 0 || n.feature >= static_cast<int>(columns)) return false;
    const bool leaf = n.left == 0 && n.right == 0;
    if (!leaf && (n.left <= at || n.right <= at || n.left >= nodes || n.right >= nodes)) {
      return false;
    }
  }
  return nodes > 0;
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
    std::ostringstream text;
    text.imbue(std::locale::classic());
    for (const TreeNode& n : tree) {
      if (&n != tree.data()) text << ", ";
      if (n.left == 0) {
        text << rounded(n.value);
      } else {
        text << n.feature << ' ' << rounded(n.threshold) << ' ' << n.left << ' ' << n.right;
      }
    }
    trees.push_back(text.str());
  }
  return trees;
}

std::vector<Tree> forest_from_json(const core::Json& json, std::size_t columns) {
  std::vector<Tree> forest;
  for (const core::Json& stored : json) {
    forest.push_back(tree_from(stored.get<std::string>()));
    if (!is_sound(forest.back(), columns)) {
      throw Error(ExitCode::model, "a tree of the forest is damaged");
    }
  }
  if (forest.empty()) throw Error(ExitCode::model, "the forest has no trees");
  return forest;
}

}  // namespace dawson::segmentation
