#include "dawson/lesions/lesions.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <queue>
#include <stdexcept>

#include "dawson/core/random.h"

namespace dawson::lesions {
namespace {

std::size_t offset(const Lattice& l, int i, int j, int k) {
  return static_cast<std::size_t>(i + l.size[0] * (j + l.size[1] * k));
}

std::vector<std::uint8_t> empty(const Lattice& l) {
  return std::vector<std::uint8_t>(l.voxels(), 0);
}

std::vector<std::uint8_t> random_mask(const Lattice& l, double density, std::uint64_t seed) {
  core::Random random(seed);
  std::vector<std::uint8_t> mask = empty(l);
  for (auto& v : mask) v = random.chance(density) ? 1 : 0;
  return mask;
}

/// Another way to the same answer: a flood fill from each voxel not yet reached.
std::vector<std::int32_t> flood_fill(const std::vector<std::uint8_t>& mask, const Lattice& l,
                                     int most_axes) {
  std::vector<std::int32_t> labels(mask.size(), 0);
  std::int32_t next = 0;
  for (std::size_t start = 0; start < mask.size(); ++start) {
    if (mask[start] == 0 || labels[start] != 0) continue;
    labels[start] = ++next;
    std::queue<std::size_t> open({start});
    for (; !open.empty(); open.pop()) {
      const auto at = static_cast<int>(open.front());
      const int i = at % l.size[0];
      const int j = at / l.size[0] % l.size[1];
      const int k = at / l.size[0] / l.size[1];
      for (int n = 0; n < 27; ++n) {
        const int di = n % 3 - 1;
        const int dj = n / 3 % 3 - 1;
        const int dk = n / 9 - 1;
        if (std::abs(di) + std::abs(dj) + std::abs(dk) > most_axes) continue;
        if (i + di < 0 || j + dj < 0 || k + dk < 0 || i + di >= l.size[0] || j + dj >= l.size[1] ||
            k + dk >= l.size[2]) {
          continue;
        }
        const std::size_t to = offset(l, i + di, j + dj, k + dk);
        if (mask[to] == 0 || labels[to] != 0) continue;
        labels[to] = next;
        open.push(to);
      }
    }
  }
  return labels;
}

TEST(Components, AreNoneInAnEmptyMask) {
  const Lattice l{{4, 3, 2}, {1, 1, 1}};
  const Components found = find_components(empty(l), l);
  EXPECT_TRUE(found.components.empty());
  EXPECT_EQ(count_lesions(found), 0U);
}

TEST(Components, RefuseAMaskOfAnotherSize) {
  EXPECT_THROW(find_components(std::vector<std::uint8_t>(5), Lattice{{2, 2, 2}, {1, 1, 1}}),
               std::invalid_argument);
}

TEST(Components, MeetAtFacesEdgesOrCornersAsAsked) {
  const Lattice l{{4, 4, 4}, {1, 1, 1}};
  std::vector<std::uint8_t> mask = empty(l);
  mask[offset(l, 0, 0, 0)] = 1;
  mask[offset(l, 1, 1, 1)] = 1;  // a corner
  mask[offset(l, 2, 2, 1)] = 1;  // an edge of the second
  mask[offset(l, 3, 2, 1)] = 1;  // a face of the third
  EXPECT_EQ(find_components(mask, l, Connectivity::faces).components.size(), 3U);
  EXPECT_EQ(find_components(mask, l, Connectivity::edges).components.size(), 2U);
  EXPECT_EQ(find_components(mask, l, Connectivity::corners).components.size(), 1U);
}

TEST(Components, DoNotMeetAroundTheBorderOfTheArray) {
  const Lattice l{{3, 3, 3}, {1, 1, 1}};
  std::vector<std::uint8_t> mask = empty(l);
  mask[offset(l, 2, 0, 0)] = 1;
  mask[offset(l, 0, 1, 0)] = 1;  // next in memory, two voxels away in space
  EXPECT_EQ(find_components(mask, l).components.size(), 2U);
}

TEST(Components, JoinArmsThatMeetLate) {
  // A U: two arms begin apart and are joined by the last row only.
  const Lattice l{{3, 3, 1}, {1, 1, 1}};
  const std::vector<std::uint8_t> mask{1, 0, 1, 1, 0, 1, 1, 1, 1};
  const Components found = find_components(mask, l, Connectivity::faces);
  ASSERT_EQ(found.components.size(), 1U);
  EXPECT_EQ(found.components[0].voxels, 7U);
}

TEST(Components, GoByVolumeThenByFirstVoxel) {
  const Lattice l{{9, 1, 1}, {1, 1, 3}};
  const std::vector<std::uint8_t> mask{1, 0, 1, 1, 0, 1, 0, 1, 1};
  const Components found = find_components(mask, l);
  EXPECT_EQ(found.labels, (std::vector<std::int32_t>{3, 0, 1, 1, 0, 4, 0, 2, 2}));
  EXPECT_EQ(found.components[0].first_voxel, 2U);
  EXPECT_EQ(found.components[1].first_voxel, 7U);
  for (std::size_t n = 0; n < 4; ++n) {
    EXPECT_EQ(found.components[n].label, static_cast<std::int32_t>(n + 1));
  }
}

TEST(Components, KnowTheirBoxCentroidAndVolume) {
  const Lattice l{{5, 6, 7}, {0.5, 2, 3}};
  std::vector<std::uint8_t> mask = empty(l);
  mask[offset(l, 1, 2, 3)] = 255;  // any value but 0 is inside
  mask[offset(l, 2, 3, 3)] = 1;
  mask[offset(l, 2, 3, 4)] = 1;
  const Components found = find_components(mask, l);
  ASSERT_EQ(found.components.size(), 1U);
  const Component& c = found.components[0];
  EXPECT_EQ(c.low, (std::array<int, 3>{1, 2, 3}));
  EXPECT_EQ(c.high, (std::array<int, 3>{2, 3, 4}));
  EXPECT_DOUBLE_EQ(c.volume_mm3, 9.0);  // three voxels of 0.5 · 2 · 3
  EXPECT_DOUBLE_EQ(c.centroid[0], 5.0 / 3);
  EXPECT_DOUBLE_EQ(c.centroid[1], 8.0 / 3);
  EXPECT_DOUBLE_EQ(c.centroid[2], 10.0 / 3);
}

TEST(Components, AgreeWithAFloodFillOnRandomMasks) {
  for (std::uint64_t seed = 0; seed < 12; ++seed) {
    const Lattice l{{13, 11, 9}, {1, 1, 1}};
    const auto mask = random_mask(l, 0.05 + 0.04 * static_cast<double>(seed), seed);
    for (const auto& [connectivity, axes] : {std::pair{Connectivity::faces, 1},
                                             {Connectivity::edges, 2},
                                             {Connectivity::corners, 3}}) {
      const Components found = find_components(mask, l, connectivity);
      const auto expected = flood_fill(mask, l, axes);
      ASSERT_EQ(static_cast<std::int32_t>(found.components.size()),
                *std::max_element(expected.begin(), expected.end()));
      std::vector<std::int32_t> partner(found.components.size() + 1, -1);
      for (std::size_t v = 0; v < mask.size(); ++v) {
        auto& p = partner[static_cast<std::size_t>(found.labels[v])];
        if (p < 0) p = expected[v];
        ASSERT_EQ(p, expected[v]);
      }
    }
  }
}

TEST(Lesions, CountFromThreeCubicMillimetres) {
  const Lattice l{{7, 1, 1}, {1, 1, 1}};
  const std::vector<std::uint8_t> mask{1, 1, 1, 0, 1, 1, 0};
  EXPECT_EQ(count_lesions(find_components(mask, l)), 1U);
  EXPECT_EQ(count_lesions(find_components(mask, l), 2.0), 2U);
  EXPECT_EQ(without_small(mask, l, 3.0), (std::vector<std::uint8_t>{1, 1, 1, 0, 0, 0, 0}));
}

TEST(Lesions, TolerateFloatNoiseInTheSpacing) {
  // Three voxels of 0.9999 mm³ together are 2.9997 mm³: within 1e-3 of the rule.
  const Lattice noisy{{3, 1, 1}, {0.9999, 1, 1}};
  EXPECT_EQ(count_lesions(find_components({1, 1, 1}, noisy)), 1U);
  const Lattice small{{3, 1, 1}, {0.999, 1, 1}};
  EXPECT_EQ(count_lesions(find_components({1, 1, 1}, small)), 0U);
}

TEST(Lesions, OfAThickSliceCountAsSingleVoxels) {
  const Lattice l{{2, 2, 2}, {0.9, 0.9, 6.4}};  // 5.2 mm³ a voxel
  EXPECT_EQ(count_lesions(find_components({1, 0, 0, 0, 0, 0, 0, 0}, l)), 1U);
}

TEST(Lesions, TenThousandOfOneVoxelAreFast) {
  const Lattice l{{182, 218, 182}, {1, 1, 1}};
  std::vector<std::uint8_t> mask = empty(l);
  int placed = 0;
  for (int k = 0; k < 182 && placed < 10000; k += 6) {
    for (int j = 0; j < 218 && placed < 10000; j += 8) {
      for (int i = 0; i < 182 && placed < 10000; i += 9, ++placed) mask[offset(l, i, j, k)] = 1;
    }
  }
  ASSERT_EQ(placed, 10000);
  const auto begin = std::chrono::steady_clock::now();
  const Components found = find_components(mask, l);
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin;
  EXPECT_EQ(found.components.size(), 10000U);
  RecordProperty("seconds", std::to_string(taken.count()));
  // 0.05 s alone on a core; a sanitizer and a busy machine are allowed for.
  EXPECT_LT(taken.count(), 2.0);
}

}  // namespace
}  // namespace dawson::lesions
