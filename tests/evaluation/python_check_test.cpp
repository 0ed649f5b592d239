#include "evaluation/python_check.h"

#include <gtest/gtest.h>

#include <cmath>

#include "evaluation/made.h"
#include "support/folder_test.h"

namespace dawson::evaluation {
namespace {

#if DAWSON_HAS_SCIPY

using NumpyAndScipy = made::FolderTest;

/// Probabilities with many ties at zero, as networks give them.
volume::Image made_probabilities(const volume::Mask& reference, core::Random& random) {
  volume::Image p(reference.grid);
  for (std::size_t v = 0; v < p.data.size(); ++v) {
    const double x = random.normal(reference.data[v] != 0 ? 0.6 : -0.3, 0.4);
    p.data[v] = static_cast<float>(std::min(1.0, std::max(0.0, x)));
  }
  return p;
}

TEST_F(NumpyAndScipy, FindTheSameFiguresOnRandomMasks) {
  core::Random random(42);
  PythonCheck check(folder());
  const std::vector<volume::Vector3> spacings{{1, 1, 1}, {0.9, 0.9, 6.4}, {0.5, 1.1, 2.3}};
  for (int n = 0; n < 12; ++n) {
    const volume::Grid grid = made_grid({23, 19, 14}, spacings[static_cast<std::size_t>(n % 3)]);
    // Noise tries the connectivities, blobs the rules of overlap.
    const bool noise = n % 4 == 3;
    const volume::Mask reference =
        noise ? random_mask(grid, 0.12, random) : random_blobs(grid, 9, random);
    volume::Mask prediction =
        noise ? random_mask(grid, 0.12, random) : random_blobs(grid, 4, random);
    for (std::size_t v = 0; v < grid.voxels(); ++v) {
      if (reference.data[v] != 0 && v % 19 < 9) prediction.data[v] = 1;
    }
    const volume::Mask brain = random_mask(grid, 0.8, random);
    check.add_case("random " + std::to_string(n), reference, prediction, brain,
                   made_probabilities(reference, random));
  }
  const volume::Grid grid = made_grid({9, 8, 7}, {1, 1, 3});
  const volume::Mask none(grid);
  const volume::Mask some = ball(grid, {4, 4, 9}, 3.5);
  const volume::Mask brain(grid, 1);
  check.add_case("none found", some, none, brain, made_probabilities(none, random));
  check.add_case("none there", none, some, brain, made_probabilities(some, random));
  check.add_case("none at all", none, none, brain, made_probabilities(none, random));
  // Eleven patients, of whom the first four came twice.
  std::vector<std::string> patients;
  for (int n = 0; n < 15; ++n) patients.push_back(std::to_string(n % 11));
  check.add_curves(patients);
  EXPECT_TRUE(check.agrees());
}

TEST_F(NumpyAndScipy, FindTheSameStatistics) {
  core::Random random(43);
  PythonCheck check(folder());
  for (const std::size_t n : {5U, 12U, 30U}) {
    std::vector<double> differences(n);
    for (double& d : differences) d = random.normal(0.3, 1);
    check.add_signed_rank(differences, "exact");
  }
  std::vector<double> many(80);
  for (double& d : many) d = random.normal(0.2, 1);
  check.add_signed_rank(many, "approx");
  std::vector<double> tied(80);
  for (double& d : tied) d = static_cast<double>(random.below(9)) - 3.5;
  check.add_signed_rank(tied, "approx");
  std::vector<std::pair<double, double>> volumes;
  for (int n = 0; n < 15; ++n) {
    const double ml = random.uniform(1, 70);
    volumes.emplace_back(ml, 1.5 + 0.8 * ml + random.normal(0, 4));
  }
  check.add_volumes(volumes);
  for (const double shift : {0.0, 0.4, 1.2}) {
    std::vector<double> first(9);
    std::vector<double> second(14);
    for (double& v : first) v = random.normal(0.5, 1);
    for (double& v : second) v = random.normal(0.5 + shift, 1);
    check.add_groups(first, second);
    second.resize(first.size());
    check.add_paired(first, second);
  }
  check.add_holm({0.2, 0.001, 0.03, 0.02, 0.9, 0.03});
  std::vector<ScanDecision> scans;
  for (int n = 0; n < 30; ++n) {
    const bool lesion = n % 3 != 0;
    const double score =
        std::round(10 * random.uniform(lesion ? 0.2 : 0.0, lesion ? 1.0 : 0.7)) / 10;
    scans.push_back({std::to_string(n % 24), score, lesion, score > 0.4});
  }
  check.add_scans(scans);
  EXPECT_TRUE(check.agrees());
}

#endif

}  // namespace
}  // namespace dawson::evaluation
