#include "dawson/explanation/region.h"

#include <gtest/gtest.h>

#include "dawson/core/error.h"
#include "explanation/made_prepared.h"

namespace dawson::explanation {
namespace {

using volume::operator*;

preprocessing::Prepared seen_through(const volume::Grid& network, const volume::Grid& scan) {
  preprocessing::Prepared made = prepared_of(network, [](int, int, int) { return 0; });
  made.scan_grid = scan;
  made.brain.mask = volume::Mask(scan, 1);
  return made;
}

volume::Mask ball(const volume::Grid& grid, const volume::Vector3& centre, double radius) {
  return test::carved(grid, [&](const volume::Vector3& p) {
    return std::hypot(p[0] - centre[0], p[1] - centre[1], p[2] - centre[2]) <= radius;
  });
}

TEST(RegionOf, CarriesALesionToTheNetworksGridWhereverTheScanLies) {
  const volume::Grid network = test::centred({60, 60, 60}, {1, 1, 1});
  const volume::Vector3 centre{6, -8, 4};
  const double millilitres = 4.0 / 3 * 3.14159265 * 9 * 9 * 9;
  for (const volume::Grid& scan :
       {test::centred({64, 64, 64}, {0.9, 0.9, 0.9}),
        test::centred({70, 64, 40}, {0.9, 0.9, 1.6}, test::turn(0, 20) * test::turn(2, -12))}) {
    const Region region = region_of(ball(scan, centre, 9), seen_through(network, scan));
    EXPECT_NEAR(static_cast<double>(region.size()), millilitres, 0.06 * millilitres);
    volume::Vector3 mean{};
    for (const std::size_t v : region.voxels) {
      const volume::Vector3 p =
          network.to_world({double(v % 60), double(v / 60 % 60), double(v / 3600)});
      for (std::size_t a = 0; a < 3; ++a) mean[a] += p[a] / static_cast<double>(region.size());
    }
    for (std::size_t a = 0; a < 3; ++a) EXPECT_NEAR(mean[a], centre[a], 0.15);
  }
}

TEST(RegionOf, LosesNoLesionBetweenTheNetworksVoxels) {
  // One voxel of 1 mm, in the middle between voxels of 2 mm: less than half of any of them.
  const volume::Grid scan = test::centred({32, 32, 32}, {1, 1, 1});
  const volume::Grid network = test::centred({16, 16, 16}, {2, 2, 2});
  volume::Mask mask(scan);
  mask.at(11, 20, 7) = 1;
  const Region region = region_of(mask, seen_through(network, scan));
  ASSERT_EQ(region.size(), 1U);
  EXPECT_EQ(region.voxels.front(), network.offset(5, 10, 3));
}

TEST(RegionOf, RefusesWhatTheNetworkDidNotSee) {
  const volume::Grid scan = test::centred({64, 64, 64}, {1, 1, 1});
  const preprocessing::Prepared prepared =
      seen_through(test::centred({20, 20, 20}, {1, 1, 1}), scan);
  EXPECT_THROW((void)region_of(volume::Mask(scan), prepared), Error);
  EXPECT_THROW((void)region_of(ball(scan, {28, 28, 28}, 2), prepared), Error);
  EXPECT_GT(region_of(ball(scan, {5, 5, 5}, 2), prepared).size(), 10U);
}

TEST(Region, KnowsItsSlicesAndParts) {
  const Region region = lesion_region();
  EXPECT_EQ(region.slices(small_grid()), (std::vector<int>{4, 5}));
  const Region part = region.within({5, 8}, small_grid());
  EXPECT_EQ(part.size(), region.size() / 2);
  EXPECT_EQ(part.slices(small_grid()), std::vector<int>{5});
  const volume::Mask mask = part.mask(small_grid());
  EXPECT_EQ(std::count(mask.data.begin(), mask.data.end(), 1), 12);
  EXPECT_EQ(mask.at(13, 22, 5), 1);
}

TEST(LesionVoxels, HaveTheNumbersOfTheLesionTable) {
  const volume::Grid grid = test::centred({20, 20, 20}, {1, 1, 1});
  volume::Mask mask(grid);
  for (int i = 0; i < 9; ++i) mask.at(2 + i, 3, 3) = 1;  // second by volume
  for (int i = 0; i < 12; ++i) mask.at(4 + i, 15, 15) = 1;
  mask.at(1, 18, 1) = mask.at(2, 18, 1) = 1;  // 2 mm3: in the mask, but no lesion
  const auto count = [](const volume::Mask& m) {
    return std::count(m.data.begin(), m.data.end(), 1);
  };
  EXPECT_EQ(count(lesion_voxels(mask, 1)), 12);
  EXPECT_EQ(count(lesion_voxels(mask, 2)), 9);
  EXPECT_EQ(lesion_voxels(mask, 2).at(2, 3, 3), 1);
  EXPECT_EQ(count(lesion_voxels(mask, 0)), 21) << "all of them, without specks";
}

TEST(LesionVoxels, OfALesionThatIsNotThereNameThoseThatAre) {
  const volume::Grid grid = test::centred({20, 20, 20}, {1, 1, 1});
  volume::Mask mask(grid);
  const auto refusal = [&](int id) {
    try {
      (void)lesion_voxels(mask, id);
    } catch (const Error& e) {
      EXPECT_EQ(e.code(), ExitCode::usage);
      return e.fact();
    }
    return std::string("none");
  };
  EXPECT_EQ(refusal(1), "the scan has no lesion to explain");
  EXPECT_EQ(refusal(0), "the scan has no lesion to explain");
  for (int i = 0; i < 5; ++i) mask.at(2 + i, 3, 3) = 1;
  EXPECT_EQ(refusal(2), "there is only lesion 1");
  for (int i = 0; i < 5; ++i) mask.at(2 + i, 9, 9) = mask.at(2 + i, 15, 9) = 1;
  EXPECT_EQ(refusal(4), "there are lesions 1 to 3");
  EXPECT_EQ(refusal(-1), "there are lesions 1 to 3");
  EXPECT_EQ(refusal(3), "none");
}

TEST(HealthyBall, IsBrainAroundThePlaceWithoutLesions) {
  const volume::Grid grid =
      test::centred({40, 40, 12}, {1, 1, 3}, test::turn(0, 15) * test::turn(2, 8));
  const volume::Mask brain = ball(grid, {0, 0, 0}, 15), lesions = ball(grid, {5, 0, 0}, 3);
  const volume::Mask found = healthy_ball({2, 1, 0}, 4, brain, lesions);
  const volume::Mask around = ball(grid, {2, 1, 0}, 4);
  std::size_t inside = 0, left_out = 0;
  for (std::size_t v = 0; v < found.data.size(); ++v) {
    const bool expected = around.data[v] != 0 && brain.data[v] != 0 && lesions.data[v] == 0;
    ASSERT_EQ(found.data[v] != 0, expected) << v;
    inside += expected ? 1 : 0;
    left_out += around.data[v] != 0 && lesions.data[v] != 0 ? 1 : 0;
  }
  EXPECT_GT(inside, 20U);
  EXPECT_GT(left_out, 5U) << "the test would show nothing";
  EXPECT_THROW((void)healthy_ball({30, 30, 0}, 4, brain, lesions), Error) << "outside of the brain";
  EXPECT_THROW((void)healthy_ball({5, 0, 0}, 1, brain, lesions), Error) << "all of it lesion";
}

}  // namespace
}  // namespace dawson::explanation
