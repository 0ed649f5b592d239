#include <gtest/gtest.h>

#include <cmath>

#include "dawson/imaging/morphology.h"
#include "explanation/made_prepared.h"

namespace dawson::explanation {
namespace {

using volume::operator*;

/// A stack of relevance on a network's grid, 0 but where `paint` says.
Map map_on(preprocessing::Prepared& prepared, const Paint& paint) {
  Map map;
  map.values = prepared_of(prepared.grid, paint).stack;
  return map;
}

std::vector<volume::Grid> scans() {
  return {test::centred({50, 46, 40}, {1, 1, 1}), test::centred({64, 64, 60}, {0.7, 0.8, 0.75}),
          test::centred({25, 24, 22}, {2, 2, 2}),
          test::centred({48, 44, 10}, {0.9, 0.9, 4.5}, test::turn(0, 23) * test::turn(2, -7)),
          test::centred({40, 40, 40}, {1.2, 1.2, 1.1}, test::turn(1, 31))};
}

TEST(OnScanGrid, KeepsTheSumOnEveryGrid) {
  core::Random random(9);
  for (const volume::Grid& scan : scans()) {
    preprocessing::Prepared prepared =
        prepared_of(test::centred({30, 28, 24}, {1, 1, 1}), [](int, int, int) { return 0; });
    prepared.scan_grid = scan;
    const Map map = map_on(prepared, [&](int, int, int) { return random.normal(0.1, 1); });
    const std::size_t voxels = prepared.grid.voxels();
    const std::vector<float>& values = map.values.values;
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(voxels);
    const double flair = sum_of({values.begin(), middle}), other = sum_of({middle, values.end()});
    EXPECT_NEAR(sum_of(on_scan_grid(map, 0, prepared).data), flair, 1e-4 * std::abs(flair));
    EXPECT_NEAR(sum_of(on_scan_grid(map, 1, prepared).data), other, 1e-4 * std::abs(other));
    EXPECT_GT(std::abs(flair), 500) << "the test would show nothing";
  }
}

TEST(OnScanGrid, PutsRelevanceWhereItWasInTheWorld) {
  for (const volume::Grid& scan : scans()) {
    preprocessing::Prepared prepared =
        prepared_of(test::centred({30, 28, 24}, {1, 1, 1}), [](int, int, int) { return 0; });
    prepared.scan_grid = scan;
    const Map map = map_on(
        prepared, [](int x, int y, int z) { return x == 19 && y == 9 && z == 14 ? 2.0 : 0.0; });
    const volume::Image image = on_scan_grid(map, 0, prepared);
    volume::Vector3 centre{};
    double farthest = 0;
    const volume::Vector3 there = prepared.grid.to_world({19, 9, 14});
    for (std::size_t v = 0; v < image.data.size(); ++v) {
      if (image.data[v] == 0) continue;
      const auto columns = static_cast<std::size_t>(scan.size[0]);
      const auto rows = static_cast<std::size_t>(scan.size[1]);
      const volume::Vector3 p = scan.to_world(
          {double(v % columns), double(v / columns % rows), double(v / columns / rows)});
      for (std::size_t a = 0; a < 3; ++a) centre[a] += image.data[v] / 2.0 * p[a];
      farthest = std::max(farthest, std::hypot(p[0] - there[0], p[1] - there[1], p[2] - there[2]));
    }
    for (std::size_t a = 0; a < 3; ++a) EXPECT_NEAR(centre[a], there[a], 1e-3);
    const double diagonal = std::hypot(scan.spacing[0], scan.spacing[1], scan.spacing[2]);
    EXPECT_LT(farthest, diagonal + 1.0);
  }
}

TEST(OnScanGrid, SpreadsEvenRelevanceEvenly) {
  // Each voxel of the middle gets its share of volume. Where spacings beat, or grids are tilted,
  // the points that a network voxel is split into fall unevenly: by 13 % at most here.
  for (const volume::Grid& scan : scans()) {
    preprocessing::Prepared prepared =
        prepared_of(test::centred({60, 56, 70}, {1, 1, 1}), [](int, int, int) { return 0; });
    prepared.scan_grid = scan;
    const Map map = map_on(prepared, [](int, int, int) { return 1.0; });
    const volume::Image image = on_scan_grid(map, 0, prepared);
    const double share = scan.voxel_volume_mm3();
    double worst = 0;
    for (int k = 3; k < scan.size[2] - 3; ++k) {
      for (int j = 12; j < 14; ++j) {
        for (int i = 10; i < 14; ++i) {
          worst = std::max(worst, std::abs(image.at(i, j, k) / share - 1));
        }
      }
    }
    EXPECT_LT(worst, 0.15) << scan.spacing[0];
  }
}

TEST(OnScanGrid, KeepsWhatLiesBeyondTheScan) {
  preprocessing::Prepared prepared =
      prepared_of(test::centred({30, 28, 24}, {1, 1, 1}), [](int, int, int) { return 0; });
  prepared.scan_grid = test::centred({12, 12, 12}, {1, 1, 1});
  const Map map = map_on(prepared, [](int, int, int) { return 1.0; });
  const volume::Image image = on_scan_grid(map, 0, prepared);
  EXPECT_NEAR(sum_of(image.data), 30 * 28 * 24, 1);
  EXPECT_NEAR(image.at(6, 6, 6), 1, 1e-4);
}

TEST(Neighbourhood, IsBrainNearTheRegionInTheSlicesThatAreRead) {
  const volume::Grid grid = test::centred({80, 70, 12}, {1, 1, 2});
  preprocessing::Prepared prepared = prepared_of(grid, [](int, int, int) { return 0; });
  for (int z = 0; z < 12; ++z) {
    for (int y = 0; y < 70; ++y) {
      for (int x = 0; x < 30; ++x) prepared.brain.mask.at(x, y, z) = 0;
    }
  }
  const Region region{{grid.offset(40, 35, 5)}};
  // 3 mm are one and a half slices of 2 mm: 3 and 4, 6 and 7; not beyond.
  const std::vector<std::size_t> around =
      neighbourhood(region, prepared, bundle_of({}, {{-3, 0, 3}, {0}}).input);
  std::vector<std::size_t> expected;
  for (int z = 3; z <= 7; ++z) {
    for (int y = 0; y < 70; ++y) {
      for (int x = 30; x < 80; ++x) {
        if (std::hypot(x - 40, y - 35, 2 * (z - 5)) <= neighbourhood_mm) {
          expected.push_back(grid.offset(x, y, z));
        }
      }
    }
  }
  EXPECT_EQ(around, expected);
}

}  // namespace
}  // namespace dawson::explanation
