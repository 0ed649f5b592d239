#include "dawson/workflow/decision.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "dawson/core/error.h"
#include "dawson/volume/nifti.h"
#include "imaging/shapes.h"
#include "support/temporary_folder.h"

namespace dawson::workflow {
namespace {

constexpr std::size_t temperature_count = 12;
constexpr std::size_t unity = 5;  // place of temperature 1 among them

std::size_t rule_of(double threshold, double volume) {
  const std::vector<segmentation::MaskRule> rules = candidate_rules();
  for (std::size_t r = 0; r < rules.size(); ++r) {
    if (rules[r].threshold == threshold && rules[r].min_peak == 0 &&
        rules[r].min_volume_mm3 == volume) {
      return r;
    }
  }
  ADD_FAILURE() << "no such rule";
  return 0;
}

/// Scores 0.5 everywhere and 0.9 for one rule; the least cross-entropy at one temperature.
RuleScores favours(const char* patient, int fold, double threshold, double volume,
                   std::size_t temperature = unity) {
  const std::size_t rules = candidate_rules().size();
  RuleScores s{patient,
               fold,
               std::vector<double>(rules, 0.5),
               std::vector<double>(rules, 0.5),
               std::vector<double>(rules, 10.0),
               std::vector<double>(temperature_count, 0.2)};
  s.dice[rule_of(threshold, volume)] = 0.9;
  s.cross_entropy[temperature] = 0.1;
  return s;
}

TEST(Decision, IsTheRuleThatServesPatientsBest) {
  const Decision best = choose(
      {favours("a/1", 0, 0.4, 7), favours("a/2", 1, 0.4, 7), favours("a/3", 2, 0.6, 15)}, -1);
  EXPECT_NEAR(best.rule.threshold, 0.4, 1e-12);
  EXPECT_EQ(best.rule.min_volume_mm3, 7);
  EXPECT_EQ(best.temperature, 1);
}

TEST(Decision, OfRulesAsGoodAsTheBestItIsTheOneWithTheFewestFalseLesions) {
  RuleScores s = favours("a/1", 0, 0.4, 7);
  const std::size_t best = rule_of(0.4, 7), near = rule_of(0.6, 3), far = rule_of(0.7, 3);
  s.dice[near] = s.dice[best] - 1.9 * as_good;  // half of it is Dice's share
  s.dice[far] = s.dice[best] - 2.1 * as_good;
  s.false_lesions[near] = 3;
  s.false_lesions[far] = 0;
  EXPECT_NEAR(choose({s}, -1).rule.threshold, 0.6, 1e-12);
}

TEST(Decision, AnExcludedFoldHasNoInfluence) {
  const std::vector<RuleScores> others = {favours("a/1", 0, 0.4, 7), favours("a/2", 1, 0.4, 7)};
  std::vector<RuleScores> all = others;
  for (const char* patient : {"b/1", "b/2", "b/3", "b/4"}) {
    all.push_back(favours(patient, 2, 0.7, 15, 9));
  }
  const core::Json without = to_json(choose(all, 2));
  EXPECT_EQ(without, to_json(choose(others, -1)));
  EXPECT_NE(without, to_json(choose(all, -1)));
  for (RuleScores& s : all) {  // whatever the held-out fold says
    if (s.fold != 2) continue;
    s.dice.assign(s.dice.size(), std::numeric_limits<double>::quiet_NaN());
    s.cross_entropy.assign(temperature_count, -100);
  }
  EXPECT_EQ(without, to_json(choose(all, 2)));
}

TEST(Decision, APatientOfManyVisitsCountsOnce) {
  const Decision best =
      choose({favours("a/1", 0, 0.4, 7), favours("a/2", 0, 0.4, 7), favours("b/1", 0, 0.7, 3),
              favours("b/1", 0, 0.7, 3), favours("b/1", 0, 0.7, 3)},
             -1);
  EXPECT_NEAR(best.rule.threshold, 0.4, 1e-12);
}

TEST(Decision, ScansWithoutLesionsLeaveF1ToTheOthers) {
  RuleScores healthy = favours("a/1", 0, 0.4, 7);
  healthy.lesion_f1.assign(healthy.lesion_f1.size(), std::numeric_limits<double>::quiet_NaN());
  EXPECT_EQ(choose({healthy, favours("a/2", 0, 0.4, 7)}, -1).rule.min_volume_mm3, 7);
}

TEST(Decision, ThresholdIsMeantForCalibratedProbabilities) {
  // Temperature 2.0 halves logits: a raw threshold of 0.2, logit −1.386, stands at −0.693.
  const Decision best = choose({favours("a/1", 0, 0.2, 3, 10)}, -1);
  EXPECT_EQ(best.temperature, 2.0);
  EXPECT_NEAR(best.rule.threshold, 1 / (1 + std::exp(std::log(4.0) / 2)), 1e-12);
  EXPECT_NEAR(raw_rule(best).threshold, 0.2, 1e-12);
}

TEST(Decision, NeedsPredictions) {
  EXPECT_THROW(choose({}, -1), Error);
  EXPECT_THROW(choose({favours("a/1", 0, 0.4, 7)}, 0), Error);
}

TEST(RuleScores, AreMeasuredOnTheScan) {
  const testing::TemporaryFolder folder;
  volume::Grid grid = test::centred({12, 12, 12}, {1, 1, 1});
  const volume::Mask reference = test::carved(grid, [](const volume::Vector3& p) {
    return test::in_ellipsoid(p, {0, 0, 0}, {4, 4, 4});
  });
  volume::Image probabilities(grid, 0.01F);
  for (std::size_t v = 0; v < reference.data.size(); ++v) {
    if (reference.data[v] != 0) probabilities.data[v] = 0.55F;
  }
  probabilities.at(0, 0, 0) = 0.55F;  // a speck of 1 mm³
  volume::write_nifti(folder / "p.nii.gz", probabilities);
  volume::write_nifti(folder / "r.nii.gz", reference);
  volume::write_nifti(folder / "b.nii.gz", volume::Mask(grid, 1));
  const RuleScores s =
      score_rules({"a/1", 3, folder / "p.nii.gz", folder / "r.nii.gz", folder / "b.nii.gz"});
  EXPECT_EQ(s.fold, 3);
  ASSERT_EQ(s.dice.size(), candidate_rules().size());
  ASSERT_EQ(s.cross_entropy.size(), temperature_count);
  EXPECT_DOUBLE_EQ(s.dice[rule_of(0.5, 3)], 1);  // the speck is too small to stay
  EXPECT_DOUBLE_EQ(s.lesion_f1[rule_of(0.5, 3)], 1);
  EXPECT_DOUBLE_EQ(s.dice[rule_of(0.6, 3)], 0);  // above every probability
  double sum = 0;
  for (std::size_t v = 0; v < reference.data.size(); ++v) {
    const double p = probabilities.data[v];
    sum -= std::log(reference.data[v] != 0 ? p : 1 - p);
  }
  EXPECT_NEAR(s.cross_entropy[unity], sum / static_cast<double>(reference.data.size()), 1e-6);
}

}  // namespace
}  // namespace dawson::workflow
