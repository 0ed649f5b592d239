#include "dawson/training/lesion_places.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "dawson/training/pool.h"
#include "training/toy.h"

namespace dawson::training {
namespace {

constexpr int large = 6 * 5 * 4;  // voxels of a block on slices 1 to 4; the small one has 1

cache::Entry entry_of(int slices = 6) {
  cache::Entry e = toy_entry("sub-1", slices, 3);
  e.size = {40, 36, slices};
  return e;
}

/// A block at (4…9, 5…9) and a single voxel at (30, 20) of slice 3.
std::vector<std::uint8_t> block_and_dot(const cache::Entry& e) {
  std::vector<std::uint8_t> target(e.voxels());
  const auto at = [&](int x, int y, int z) -> std::uint8_t& {
    return target[(static_cast<std::size_t>(z) * 36 + static_cast<std::size_t>(y)) * 40 +
                  static_cast<std::size_t>(x)];
  };
  for (int z = 1; z <= 4; ++z) {
    for (int y = 5; y <= 9; ++y) {
      for (int x = 4; x <= 9; ++x) at(x, y, z) = 1;
    }
  }
  at(30, 20, 3) = 1;
  return target;
}

bool is_dot(const PlaceInScan& place) {
  return place.x == 30 && place.y == 20 && place.z == 3;
}

TEST(LesionPlaces, DrawLesionsByThePowerOfTheirVolume) {
  const cache::Entry e = entry_of();
  constexpr int draws = 6000;
  for (const double power : {0.0, 0.5, 1.0}) {
    const LesionPlaces places(block_and_dot(e), e, power);
    ASSERT_EQ(places.lesions(), 2U);
    core::Random random(5);
    int dots = 0;
    for (int i = 0; i < draws; ++i) dots += is_dot(places.draw(random)) ? 1 : 0;
    const double expected = 1 / (1 + std::pow(large, power));
    EXPECT_NEAR(dots / static_cast<double>(draws), expected,
                4 * std::sqrt(expected * (1 - expected) / draws))
        << "power " << power;
  }
}

TEST(LesionPlaces, LieInTheMiddleOfTheLesionOnEachOfItsSlices) {
  const cache::Entry e = entry_of();
  const LesionPlaces places(block_and_dot(e), e, 0);
  core::Random random(6);
  std::map<int, int> slices;
  for (int i = 0; i < 4000; ++i) {
    const PlaceInScan place = places.draw(random);
    if (is_dot(place)) continue;
    EXPECT_EQ(place.y, 7);
    EXPECT_TRUE(place.x == 6 || place.x == 7);
    ++slices[place.z];
  }
  ASSERT_EQ(slices.size(), 4U);
  for (const auto& [z, count] : slices) EXPECT_NEAR(count, 500, 100) << z;  // 4 deviations: 82
}

TEST(LesionPlaces, LieOnALesionThatIsBent) {
  cache::Entry e = entry_of(1);
  std::vector<std::uint8_t> target(e.voxels());
  for (int x = 5; x <= 25; ++x) target[static_cast<std::size_t>(5 * 40 + x)] = 1;
  for (int y = 5; y <= 25; ++y) target[static_cast<std::size_t>(y * 40 + 5)] = 1;
  core::Random random(1);
  const PlaceInScan place = LesionPlaces(target, e, 0).draw(random);
  EXPECT_EQ(target[static_cast<std::size_t>(place.y * 40 + place.x)], 1);
}

PooledScan scan_of(const cache::Entry& e) {
  PooledScan scan;
  scan.entry = e;
  scan.arrays.target = block_and_dot(e);
  scan.arrays.image.assign(2 * e.voxels(), 100);
  scan.arrays.brain.assign(e.voxels(), 1);
  for (int z = 0; z < e.size[2]; ++z) scan.brain_slices.push_back(z);
  scan.target_slices = {1, 2, 3, 4};
  return scan;
}

/// Share of draws whose patch lies within a fifth of the slice of the small lesion, on its slice.
double share_at_dot(const Sampling& sampling) {
  bundle::SliceInput input;
  input.offsets_mm = {{0}, {0}};
  const Pool pool({scan_of(entry_of())}, input, sampling);
  core::Random random(3);
  int count = 0;
  constexpr int draws = 2000;
  for (int i = 0; i < draws; ++i) {
    const DrawnSlice slice = pool.draw(random, 0, 7);
    const bool near =
        std::abs(slice.centre_x - 30) <= 0.2 * 40 && std::abs(slice.centre_y - 20) <= 0.2 * 36;
    count += near && slice.target[20 * 40 + 30] > 0 ? 1 : 0;
  }
  return count / static_cast<double>(draws);
}

TEST(LesionBalance, BringsSmallLesionsBeforeTheNetwork) {
  Sampling sampling;
  sampling.lesion_fraction = 1;
  // One slice of four shows the dot; half of those patches are centred on a target pixel, of which
  // it is one in 31; the others on the slice's middle, some of them by chance near it.
  EXPECT_LT(share_at_dot(sampling), 0.1);
  sampling.lesion_balance = 1;
  EXPECT_NEAR(share_at_dot(sampling), 0.5, 0.05);
  sampling.lesion_balance = 0.5;
  EXPECT_NEAR(share_at_dot(sampling), 0.27, 0.05);
}

TEST(Pool, DrawsNearAGivenPlaceAndNothingElseChanges) {
  bundle::SliceInput input;
  input.offsets_mm = {{0}, {0}};
  cache::Entry other = entry_of();
  other.participant = "sub-2";
  other.spacing_mm[0] = 0.5;  // tells the scans apart
  const Pool pool({scan_of(entry_of()), scan_of(other)}, input, Sampling());
  core::Random random(4);
  for (int i = 0; i < 50; ++i) {
    const DrawnSlice slice = pool.draw(random, 0, 7, PlaceInScan{1, 3, 10, 30});
    EXPECT_EQ(slice.pixel_mm, 0.5);
    EXPECT_NEAR(slice.centre_x, 10, 0.2 * 40);
    EXPECT_NEAR(slice.centre_y, 30, 0.2 * 36);
    EXPECT_EQ(slice.target[20 * 40 + 30], 1);  // slice 3
  }
}

TEST(Pool, TellsWhereEachChannelSeesTarget) {
  bundle::SliceInput input;
  input.offsets_mm = {{-3, 0, 3}, {0}};
  Sampling sampling;
  sampling.lesion_channels = true;
  const Pool pool({scan_of(entry_of())}, input, sampling);
  const auto sees_dot = [&](int z) {
    const DrawnSlice slice = pool.cut(0, z);
    std::vector<bool> seen;
    for (std::size_t c = 0; c < 4; ++c) seen.push_back(slice.lesions[c * 1440 + 20 * 40 + 30] > 0);
    return seen;
  };
  EXPECT_EQ(sees_dot(2), (std::vector<bool>{false, false, true, false}));
  EXPECT_EQ(sees_dot(3), (std::vector<bool>{false, true, false, true}));
  EXPECT_EQ(sees_dot(4), (std::vector<bool>{true, false, false, false}));
  sampling.lesion_channels = false;
  EXPECT_TRUE(Pool({scan_of(entry_of())}, input, sampling).cut(0, 3).lesions.empty());
}

}  // namespace
}  // namespace dawson::training
