// Masks at the edge of what comes: no lesion, lesions at the border, thousands of specks.
#include <gtest/gtest.h>

#include <chrono>
#include <cmath>

#include "dawson/core/error.h"
#include "dawson/evaluation/measures.h"
#include "evaluation/made.h"

namespace dawson::evaluation {
namespace {

TEST(OddInput, EmptyReferenceLeavesSharesUndefinedAndCountsFalseLesions) {
  const volume::Grid grid = made_grid({10, 10, 5});
  const volume::Mask none(grid);
  const volume::Mask brain(grid, 1);
  const volume::Image p(grid, 0.5F);
  volume::Mask some(grid);
  add_block(some, {1, 1, 1}, {3, 3, 1});
  const CaseMeasures m = evaluate_case(none, some, &brain, &p);
  EXPECT_EQ(m.voxels.dice, 0);
  EXPECT_TRUE(std::isnan(m.voxels.sensitivity));
  EXPECT_TRUE(std::isnan(m.voxels.volume_difference_percent));
  EXPECT_TRUE(std::isnan(m.lesions.f1));
  EXPECT_EQ(m.lesions.false_lesions, 1U);
  EXPECT_TRUE(std::isnan(m.surface.hd95_mm));
  EXPECT_TRUE(std::isnan(m.probabilities->roc_auc));
  EXPECT_NEAR(m.probabilities->brier, 0.25, 1e-12);
}

TEST(OddInput, NoLesionsAtAllAgree) {
  const volume::Mask none(made_grid({10, 10, 5}));
  const CaseMeasures m = evaluate_case(none, none);
  EXPECT_EQ(m.voxels.dice, 1);
  EXPECT_EQ(m.lesions.false_lesions, 0U);
  EXPECT_TRUE(std::isnan(m.lesions.f1));
  EXPECT_EQ(m.scan_score, 0);
}

TEST(OddInput, LesionsAtTheBorderAreMeasuredLikeOthers) {
  const volume::Grid grid = made_grid({12, 12, 6}, {0.9, 0.9, 6.4});
  const auto measured_at = [&](volume::Index3 low) {
    volume::Mask reference(grid);
    volume::Mask prediction(grid);
    add_block(reference, low, {low[0] + 3, low[1] + 3, low[2] + 1});
    add_block(prediction, {low[0] + 1, low[1], low[2]}, {low[0] + 3, low[1] + 3, low[2] + 1});
    return evaluate_case(reference, prediction);
  };
  const CaseMeasures inside = measured_at({4, 4, 2});
  for (const volume::Index3 low :
       {volume::Index3{0, 0, 0}, volume::Index3{8, 8, 4}, volume::Index3{0, 8, 2}}) {
    const CaseMeasures border = measured_at(low);
    for (const MeasureColumn& column : measure_columns()) {
      const double expected = column.value(inside);
      if (std::isnan(expected)) continue;
      EXPECT_NEAR(column.value(border), expected, 1e-6) << column.name;
    }
  }
}

TEST(OddInput, TenThousandSpecksAreMeasuredInSeconds) {
  // Every third voxel each way: 24³ = 13,824 lesions of one voxel of 3.375 mm³, each predicted
  // lesion a voxel to the right of every second one and on the others.
  const volume::Grid grid = made_grid({72, 72, 72}, {1.5, 1.5, 1.5});
  volume::Mask reference(grid);
  volume::Mask prediction(grid);
  for (int k = 0; k < 72; k += 3) {
    for (int j = 0; j < 72; j += 3) {
      for (int i = 0; i < 72; i += 3) {
        reference.at(i, j, k) = 1;
        prediction.at(i + (i % 2), j, k) = 1;
      }
    }
  }
  const volume::Mask brain(grid, 1);
  const volume::Image p(grid, 0.3F);
  const auto begin = std::chrono::steady_clock::now();
  const CaseMeasures m = evaluate_case(reference, prediction, &brain, &p);
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin;
  EXPECT_EQ(m.lesions.all.reference, 13824U);
  EXPECT_EQ(m.lesions.all.found, 6912U);
  EXPECT_EQ(m.lesions.false_lesions, 6912U);
  EXPECT_NEAR(m.lesions.f1, 0.5, 1e-12);
  EXPECT_NEAR(m.surface.hd95_mm, 1.5, 1e-5);
  EXPECT_NEAR(m.surface.assd_mm, 0.75, 1e-5);
  EXPECT_LT(taken.count(), 5.0);  // 0.1 s on an idle core; what grows with lesions² takes minutes
}

TEST(OddInput, ProbabilitiesSlightlyBeyondOneAreRoundingAndOthersAreRefused) {
  const volume::Grid grid = made_grid({4, 4, 4});
  const volume::Mask mask(grid, 1);
  EXPECT_NO_THROW({
    const volume::Image rounded(grid, 1.00005F);
    evaluate_case(mask, mask, &mask, &rounded);
  });
  for (const float wrong : {1.01F, -0.01F, std::nanf(""), INFINITY}) {
    const volume::Image p(grid, wrong);
    EXPECT_THROW(evaluate_case(mask, mask, &mask, &p), Error) << wrong;
    EXPECT_THROW(evaluate_case(mask, mask, nullptr, &p), Error) << wrong;
  }
}

}  // namespace
}  // namespace dawson::evaluation
