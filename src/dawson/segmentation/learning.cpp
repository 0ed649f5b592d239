#include "dawson/segmentation/learning.h"

#include <algorithm>
#include <cmath>
#include <opencv2/core.hpp>
#include <opencv2/ml.hpp>

#include "dawson/core/error.h"

namespace dawson::segmentation {
namespace {

constexpr int newton_steps = 50;

void require_both(const LabelledRows& rows) {
  const auto lesions = std::count(rows.lesion.begin(), rows.lesion.end(), 1);
  if (lesions == 0 || lesions == static_cast<std::ptrdiff_t>(rows.rows())) {
    throw Error(ExitCode::input, "the training scans do not show both lesions and other tissue");
  }
}

/// Gradient and Hessian of the penalised negative mean log likelihood.
void derivatives(const LabelledRows& rows, double l2, const std::vector<double>& coefficients,
                 cv::Mat1d& gradient, cv::Mat1d& hessian) {
  const auto terms = static_cast<int>(rows.columns) + 1;
  gradient = cv::Mat1d::zeros(terms, 1);
  hessian = cv::Mat1d::zeros(terms, terms);
  double total = 0;
  std::vector<double> x(static_cast<std::size_t>(terms), 1.0);
  for (std::size_t r = 0; r < rows.rows(); ++r) {
    const float* row = &rows.values[r * rows.columns];
    std::copy(row, row + rows.columns, x.begin() + 1);
    double odds = 0;
    for (std::size_t i = 0; i < x.size(); ++i) odds += coefficients[i] * x[i];
    const double p = 1 / (1 + std::exp(-odds));
    const double w = rows.weight[r];
    total += w;
    for (int i = 0; i < terms; ++i) {
      const double xi = x[static_cast<std::size_t>(i)];
      gradient(i) += w * (p - rows.lesion[r]) * xi;
      const double share = w * p * (1 - p) * xi;
      for (int j = 0; j <= i; ++j) hessian(i, j) += share * x[static_cast<std::size_t>(j)];
    }
  }
  gradient /= total;
  hessian /= total;
  for (int i = 0; i < terms; ++i) {
    if (i > 0) gradient(i) += l2 * coefficients[static_cast<std::size_t>(i)];
    hessian(i, i) += i > 0 ? l2 : 1e-12;
  }
  cv::completeSymm(hessian, /*lowerToUpper=*/true);
}

/// A tree of OpenCV's arrays in the order of a walk from the root.
int copy_node(const cv::ml::DTrees& model, int at, Tree& tree) {
  const auto& node = model.getNodes()[static_cast<std::size_t>(at)];
  const auto here = tree.size();
  tree.push_back({0, 0, 0, 0, static_cast<float>(node.value)});
  if (node.split >= 0) {
    const auto& split = model.getSplits()[static_cast<std::size_t>(node.split)];
    tree[here].feature = split.varIdx;
    tree[here].threshold = split.c;
    const int left = copy_node(model, node.left, tree);
    const int right = copy_node(model, node.right, tree);
    tree[here].left = left;
    tree[here].right = right;
  }
  return static_cast<int>(here);
}

}  // namespace

std::vector<double> fit_logistic(const LabelledRows& rows, double l2) {
  require_both(rows);
  std::vector<double> coefficients(rows.columns + 1, 0.0);
  for (int n = 0; n < newton_steps; ++n) {
    cv::Mat1d gradient, hessian, step;
    derivatives(rows, l2, coefficients, gradient, hessian);
    cv::solve(hessian, gradient, step, cv::DECOMP_SVD);
    double largest = 0;
    for (std::size_t i = 0; i < coefficients.size(); ++i) {
      const double change = std::clamp(step(static_cast<int>(i)), -3.0, 3.0);
      coefficients[i] -= change;
      largest = std::max(largest, std::abs(change));
    }
    if (largest < 1e-6) break;
  }
  return coefficients;
}

std::vector<Tree> fit_forest(const LabelledRows& rows, const ForestSettings& settings,
                             std::uint64_t seed) {
  require_both(rows);
  cv::setNumThreads(1);
  cv::setRNGSeed(static_cast<int>(seed & 0x7fffffffU));
  cv::Mat1f labels(static_cast<int>(rows.rows()), 1);
  for (int r = 0; r < labels.rows; ++r) labels(r) = rows.lesion[static_cast<std::size_t>(r)];
  const cv::Mat1f values(static_cast<int>(rows.rows()), static_cast<int>(rows.columns),
                         const_cast<float*>(rows.values.data()));  // NOLINT: read only
  const auto model = cv::ml::RTrees::create();
  model->setMaxDepth(settings.depth);
  model->setMinSampleCount(2 * settings.smallest_leaf);
  model->setRegressionAccuracy(1e-4F);
  model->setActiveVarCount(settings.features);
  model->setTermCriteria({cv::TermCriteria::MAX_ITER, settings.trees, 0});
  model->train(cv::ml::TrainData::create(values, cv::ml::ROW_SAMPLE, labels));  // 0 and 1: shares
  std::vector<Tree> forest;
  for (const int root : model->getRoots()) {
    forest.emplace_back();
    copy_node(*model, root, forest.back());
  }
  return forest;
}

}  // namespace dawson::segmentation
