#include "dawson/explanation/sanity.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "explanation/made_prepared.h"

namespace dawson::explanation {
namespace {

struct Checked {
  Map map;
  Sanity sanity;
};

Checked checked(const bundle::Bundle& bundle, const preprocessing::Prepared& prepared,
                const Region& region, const MapSettings& settings) {
  Progress progress;
  const Explainer explainer(bundle, prepared);
  Checked c;
  c.map = explainer.map(region, settings, progress);
  c.sanity = check(explainer, region, c.map, settings, core::Random(1), progress);
  return c;
}

TEST(Sanity, RelevanceOfABrightnessNetworkPointsAtTheLesion) {
  const preprocessing::Prepared prepared = scan_with_lesion();
  for (const Method method : {Method::relevance, Method::gradient_x_input}) {
    MapSettings settings = settings_of("epsilon");
    settings.method = method;
    const Sanity found = checked(brightness(), prepared, lesion_region(), settings).sanity;
    EXPECT_TRUE(found.points_at_region) << name_of(method);
    EXPECT_EQ(found.pointing_distance_mm, 0) << name_of(method);
  }
}

TEST(Sanity, DeletingTheMostRelevantLowersTheDecisionFasterThanChance) {
  // The network reads nothing but the lesion's 24 voxels: the first 24 deleted end all of it,
  // 3 · 6 in logit; chance has to find them.
  const preprocessing::Prepared prepared = scan_with_lesion();
  const Sanity found =
      checked(brightness(), prepared, lesion_region(), settings_of("epsilon")).sanity;
  ASSERT_EQ(found.drop_most_relevant.size(), deleted_shares.size());
  const std::size_t around = neighbourhood(lesion_region(), prepared, brightness().input).size();
  for (std::size_t i = 0; i < deleted_shares.size(); ++i) {
    const double deleted = std::round(deleted_shares[i] * static_cast<double>(around));
    EXPECT_NEAR(found.drop_most_relevant[i], 18 * std::min(1.0, deleted / 24), 1e-3);
    EXPECT_LT(found.drop_random[i], 18 * (3 * deleted_shares[i] + 0.15)) << i;
  }
  EXPECT_GT(found.mean_drop_most_relevant, 4 * found.mean_drop_random);
  EXPECT_NEAR(found.mean_drop_random,
              std::accumulate(found.drop_random.begin(), found.drop_random.end(), 0.0) /
                  static_cast<double>(deleted_shares.size()),
              1e-9);
}

TEST(Sanity, AWrongMapFails) {
  const preprocessing::Prepared prepared = scan_with_lesion();
  const bundle::Bundle bundle = brightness();
  const Explainer explainer(bundle, prepared);
  const MapSettings settings = settings_of("epsilon");
  Progress progress;
  Map wrong = explainer.map(lesion_region(), settings, progress);
  // Relevance to the right of where it belongs.
  std::rotate(wrong.values.values.begin(), wrong.values.values.end() - 12,
              wrong.values.values.end());
  const Sanity found =
      check(explainer, lesion_region(), wrong, settings, core::Random(1), progress);
  EXPECT_FALSE(found.points_at_region);
  // From x = 10–13 to 22–25.
  EXPECT_NEAR(found.pointing_distance_mm, 9, 0.01);
  EXPECT_LT(found.mean_drop_most_relevant, 2) << "of 18";
}

TEST(Sanity, NewWeightsDestroyTheMap) {
  const preprocessing::Prepared prepared = scan_with_lesion();
  const bundle::Bundle bundle = attention(true);
  const Checked c = checked(bundle, prepared, lesion_region(), settings_of("epsilon_plus"));
  ASSERT_EQ(c.sanity.rank_correlation.size(), randomised_shares.size());
  // Of 0.75 with the last layers new, 0.25 and 0.37 with half and all of them.
  EXPECT_LT(c.sanity.rank_correlation[0], 0.9);
  EXPECT_LT(c.sanity.rank_correlation[1], 0.5);
  EXPECT_LT(c.sanity.rank_correlation[2], 0.5);
  // The same network gives the same map; one with nothing drawn anew is the same network.
  Progress progress;
  const Explainer explainer(bundle, prepared);
  const Map same = explainer.randomised(0, core::Random(4))
                       ->map(lesion_region(), settings_of("epsilon_plus"), progress);
  EXPECT_EQ(same.values.values, c.map.values.values);
  EXPECT_EQ(explainer.map(lesion_region(), settings_of("epsilon_plus"), progress).values.values,
            c.map.values.values)
      << "the network that is explained keeps its weights";
}

TEST(Sanity, IsTheSameForTheSameSeed) {
  const preprocessing::Prepared prepared = scan_with_lesion();
  const Sanity a =
      checked(attention(true), prepared, lesion_region(), settings_of("epsilon_plus")).sanity;
  const Sanity b =
      checked(attention(true), prepared, lesion_region(), settings_of("epsilon_plus")).sanity;
  EXPECT_EQ(a.drop_random, b.drop_random);
  EXPECT_EQ(a.rank_correlation, b.rank_correlation);
}

TEST(Sanity, OfAHealthyPlaceCountsTheFallOfHealthy) {
  // Tissue of −1 … 1: logits −15 … −9. Deleting makes it 0, logit −12: what stood most for healthy
  // (−1) goes first, and the decision falls.
  const preprocessing::Prepared prepared = scan_with_lesion();
  const Region region = region_where(prepared.grid, [](int x, int y, int z) {
    return x > 24 && x < 34 && y > 8 && y < 20 && z == 3;
  });
  MapSettings settings = settings_of(default_composite);
  settings.method = Method::gradient_x_input;
  settings.healthy = true;
  const Sanity found = checked(brightness(), prepared, region, settings).sanity;
  EXPECT_GT(found.drop_most_relevant.front(), 0.01);
  EXPECT_GT(found.mean_drop_most_relevant, found.mean_drop_random + 0.1);
}

TEST(RankCorrelation, IsSpearmans) {
  // Hand-worked: 1 − 6 Σd² / (n (n² − 1)), d = 1, 1, 0, 1, 1 of n = 5.
  EXPECT_NEAR(rank_correlation({1, 2, 3, 4, 5}, {2, 1, 3, 6, 4}), 1 - 6 * 4.0 / 120, 1e-9);
  EXPECT_NEAR(rank_correlation({1, 2, 3}, {10, 1000, 1e6F}), 1, 1e-9);
  EXPECT_NEAR(rank_correlation({1, 2, 3}, {3, 2, 1}), -1, 1e-9);
  // Ties share their rank: Pearson's of (0.5, 0.5, 2) and (0, 1, 2).
  EXPECT_NEAR(rank_correlation({7, 7, 9}, {1, 2, 3}), std::sqrt(0.75), 1e-9);
  EXPECT_TRUE(std::isnan(rank_correlation({1, 1, 1}, {1, 2, 3})));
}

TEST(Thinned, KeepsEvenlySpacedSlicesOfTheRegion) {
  const volume::Grid grid = test::centred({10, 10, 40}, {1, 1, 1});
  const Region region =
      region_where(grid, [](int x, int y, int z) { return x == 5 && y == 5 && z >= 10 && z < 30; });
  EXPECT_EQ(thinned(region, grid, 4).slices(grid), (std::vector<int>{12, 17, 22, 27}));
  EXPECT_EQ(thinned(region, grid, 20).voxels, region.voxels);
  EXPECT_EQ(thinned(region, grid, 1).slices(grid), std::vector<int>{20});
}

}  // namespace
}  // namespace dawson::explanation
