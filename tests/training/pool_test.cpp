#include "dawson/training/pool.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "dawson/core/error.h"
#include "support/temporary_folder.h"
#include "training/toy.h"

namespace dawson::training {
namespace {

/// A scan whose every slice differs from every other, as the pool holds it.
PooledScan noisy_scan(const std::string& participant, int slices, double spacing_mm,
                      std::uint64_t seed) {
  PooledScan scan;
  scan.entry = toy_entry(participant, slices, spacing_mm);
  scan.entry.size = {6, 5, slices};
  core::Random random(seed);
  scan.arrays.image.resize(2 * scan.entry.voxels());
  for (auto& byte : scan.arrays.image) byte = static_cast<std::uint8_t>(random.below(256));
  scan.arrays.target.resize(scan.entry.voxels());
  scan.arrays.target[scan.entry.voxels() / 2] = 1;
  scan.arrays.brain.assign(scan.entry.voxels(), 1);
  for (int z = 0; z < slices; ++z) scan.brain_slices.push_back(z);
  scan.target_slices.push_back(slices / 2);
  return scan;
}

double difference(const std::vector<float>& a, const std::vector<float>& b) {
  double largest = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    largest = std::max(largest, std::abs(static_cast<double>(a[i]) - b[i]));
  }
  return largest;
}

/// The slice position where `expected(z)` is what was drawn; −1 when there is none.
template <typename Expected>
int position_of(const DrawnSlice& drawn, int slices, const Expected& expected) {
  for (int z = 0; z < slices; ++z) {
    if (difference(drawn.image, expected(z)) < 1e-4) return z;
  }
  return -1;
}

TEST(Pool, CutsSlicesAsUseDoes) {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    core::Random random(seed);
    const int slices = 1 + static_cast<int>(random.below(12));
    const PooledScan scan = noisy_scan("sub-1", slices, random.uniform(0.5, 8), seed);
    bundle::SliceInput input;
    input.offsets_mm = {{random.uniform(-10, 0), 0, random.uniform(0, 10)}, {0, 3}};
    const Pool pool({scan}, input, 0.5);
    const bundle::Stack stack = scan.stack();
    const DrawnSlice drawn = pool.draw(random, 0, 7);
    EXPECT_EQ(drawn.channels, 5);
    EXPECT_EQ(drawn.pixel_mm, 1);
    const int z = position_of(drawn, slices, [&](int at) {
      std::vector<float> cut(drawn.image.size());
      bundle::cut_slice(stack, input, at, cut.data());
      return cut;
    });
    ASSERT_GE(z, 0) << "seed " << seed << ": no slice that use would cut";
    const auto first = scan.arrays.target.begin() + z * 30;
    EXPECT_TRUE(std::equal(drawn.target.begin(), drawn.target.end(), first));
  }
}

TEST(Pool, ThickensAThinScanToTheMeanOfItsSlices) {
  // Slabs of 2 mm are three slices of 2/3 mm; the neighbour 2 mm above is the next slab.
  const int slices = 12;
  const PooledScan scan = noisy_scan("sub-1", slices, 2.0 / 3, 4);
  bundle::SliceInput input;
  input.offsets_mm = {{0, 2}, {0}};
  const Pool pool({scan}, input, 0);
  const bundle::Stack stack = scan.stack();
  const auto slab = [&](int channel, int centre, std::vector<float>& out) {
    for (int p = 0; p < 30; ++p) {
      float sum = 0;
      for (int z = centre - 1; z <= centre + 1; ++z) {
        sum += stack.slice(channel, std::clamp(z, 0, slices - 1))[p];
      }
      out.push_back(sum / 3);
    }
  };
  core::Random random(1);
  for (int i = 0; i < 40; ++i) {
    const DrawnSlice drawn = pool.draw(random, 1, 2.0);
    const int z = position_of(drawn, slices, [&](int at) {
      std::vector<float> expected;
      slab(0, at, expected);
      slab(0, at + 3, expected);
      slab(1, at, expected);
      return expected;
    });
    ASSERT_GE(z, 0);
    const int lesion = slices / 2;  // the only slice with a target pixel
    double sum = 0;
    for (const float share : drawn.target) sum += share;
    EXPECT_NEAR(sum, std::abs(z - lesion) <= 1 ? 1.0 / 3 : 0, 1e-6);
  }
}

TEST(Pool, LeavesAThickScanAsItIs) {
  const PooledScan scan = noisy_scan("sub-1", 6, 3, 4);
  bundle::SliceInput input;
  input.offsets_mm = {{0}, {0}};
  const Pool pool({scan}, input, 0);
  core::Random random(1);
  for (int i = 0; i < 10; ++i) {
    const DrawnSlice drawn = pool.draw(random, 1, 7);
    EXPECT_GE(position_of(drawn, 6,
                          [&](int z) {
                            std::vector<float> cut(drawn.image.size());
                            bundle::cut_slice(scan.stack(), input, z, cut.data());
                            return cut;
                          }),
              0);
  }
}

TEST(Pool, DrawsTheAskedShareFromSlicesWithLesions) {
  bundle::SliceInput input;
  input.offsets_mm = {{0}, {0}};
  constexpr int draws = 4000;
  for (const double fraction : {0.0, 0.4, 1.0}) {
    const Pool pool({noisy_scan("sub-1", 5, 3, 1)}, input, fraction);
    core::Random random(7);
    int with_lesion = 0;
    for (int i = 0; i < draws; ++i) {
      const DrawnSlice drawn = pool.draw(random, 0, 7);
      with_lesion += *std::max_element(drawn.target.begin(), drawn.target.end()) > 0 ? 1 : 0;
    }
    const double expected = fraction + (1 - fraction) / 5;
    const double deviation = std::sqrt(expected * (1 - expected) / draws);
    EXPECT_NEAR(with_lesion / static_cast<double>(draws), expected, 4 * deviation);
  }
}

TEST(Pool, DrawsPatientsByWeightAndTheirVisitsEvenly) {
  std::vector<PooledScan> scans = {noisy_scan("sub-1", 3, 3, 1), noisy_scan("sub-1", 3, 3, 2),
                                   noisy_scan("sub-2", 3, 3, 3)};
  scans[0].entry.spacing_mm[0] = 0.1;  // tells the visits apart
  scans[1].entry.spacing_mm[0] = 0.2;
  scans[2].entry.spacing_mm[0] = 0.3;
  scans[2].weight = 3;
  bundle::SliceInput input;
  input.offsets_mm = {{0}, {0}};
  const Pool pool(std::move(scans), input, 0.5);
  EXPECT_EQ(pool.patients(), (std::vector<std::string>{"toy/sub-1", "toy/sub-2"}));
  std::map<double, int> count;
  core::Random random(11);
  constexpr int draws = 4000;
  for (int i = 0; i < draws; ++i) ++count[pool.draw(random, 0, 7).pixel_mm];
  EXPECT_NEAR(count[0.1], draws / 8, 4 * std::sqrt(draws / 8.0 * 7 / 8));
  EXPECT_NEAR(count[0.2], draws / 8, 4 * std::sqrt(draws / 8.0 * 7 / 8));
  EXPECT_NEAR(count[0.3], draws * 3 / 4, 4 * std::sqrt(draws * 3 / 16.0));
}

TEST(Pool, DrawsWhatWasMadeOfAPatientByAWeightOfItsOwn) {
  std::vector<PooledScan> scans = {noisy_scan("sub-1", 3, 3, 1), noisy_scan("sub-1", 3, 3, 2),
                                   noisy_scan("sub-1", 3, 3, 3)};
  for (std::size_t i : {1, 2}) {  // two derived scans beside the real one
    scans[i].weight = 0.25;
    scans[i].entry.spacing_mm[0] = 0.2;
  }
  scans[0].entry.spacing_mm[0] = 0.1;
  bundle::SliceInput input;
  input.offsets_mm = {{0}, {0}};
  const Pool pool(std::move(scans), input, 0.5);
  EXPECT_EQ(pool.patients(), std::vector<std::string>{"toy/sub-1"});
  core::Random random(11);
  constexpr int draws = 4000;
  int derived = 0;
  for (int i = 0; i < draws; ++i) derived += pool.draw(random, 0, 7).pixel_mm > 0.15 ? 1 : 0;
  EXPECT_NEAR(derived, draws / 5, 4 * std::sqrt(draws * 0.2 * 0.8));
}

TEST(Pool, NeedsScansAndLesions) {
  bundle::SliceInput input;
  input.offsets_mm = {{0}, {0}};
  EXPECT_THROW(Pool({}, input, 0.5), Error);
  PooledScan healthy = noisy_scan("sub-1", 3, 3, 1);
  healthy.target_slices.clear();
  EXPECT_THROW(Pool({healthy}, input, 0.5), Error);
  EXPECT_NO_THROW(Pool({healthy, noisy_scan("sub-2", 3, 3, 1)}, input, 0.5));
}

TEST(LoadScans, TakesTheNamedPatientsWithTheirSlices) {
  const testing::TemporaryFolder folder;
  write_toy_cache(folder.path(), 3);
  const cache::Cache cache = cache::Cache::open(folder.path());
  const std::vector<PooledScan> scans = load_scans(cache, {"toy/sub-3", "toy/sub-1"}, 0.5);
  ASSERT_EQ(scans.size(), 2U);
  EXPECT_EQ(scans[0].entry.patient(), "toy/sub-1");
  EXPECT_EQ(scans[1].entry.patient(), "toy/sub-3");
  EXPECT_EQ(scans[0].weight, 0.5);
  EXPECT_EQ(scans[0].brain_slices, (std::vector<int>{0, 1, 2, 3, 4}));
  EXPECT_EQ(scans[0].target_slices, (std::vector<int>{1, 2, 3, 4}));
  EXPECT_EQ(load_scans(cache, {}, 1).size(), 3U);
}

TEST(LoadScans, RefusesPatientsItDoesNotKnow) {
  const testing::TemporaryFolder folder;
  write_toy_cache(folder.path(), 2);
  const cache::Cache cache = cache::Cache::open(folder.path());
  try {
    (void)load_scans(cache, {"toy/sub-1", "toy/sub-7"}, 1);
    FAIL() << "an unknown patient was accepted";
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ExitCode::input);
    EXPECT_EQ(e.where(), "toy/sub-7");
  }
}

}  // namespace
}  // namespace dawson::training
