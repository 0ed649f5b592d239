// A small head with lesions of known place, and a folder to write into.
#pragma once

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <string>
#include <utility>

#include "dawson/report/report.h"
#include "dawson/segmentation/result.h"
#include "support/temporary_folder.h"

namespace dawson::report::made {

using Folder = testing::TemporaryFolder;
using testing::read;

/// What a program prints.
inline std::string output_of(const std::string& command) {
  std::string text;
  FILE* pipe = popen(command.c_str(), "r");
  std::array<char, 4096> buffer{};
  while (const std::size_t n = fread(buffer.data(), 1, buffer.size(), pipe)) {
    text.append(buffer.data(), n);
  }
  EXPECT_EQ(pclose(pipe), 0) << command;
  return text;
}

/// Voxel axes that run towards the named directions ("LPS"), centred on the world's origin.
inline volume::Grid grid(const std::string& orientation, const volume::Index3& size,
                         const volume::Vector3& spacing) {
  volume::Grid g;
  g.size = size;
  g.spacing = spacing;
  g.direction = {};
  const std::string positive = "RAS", negative = "LPI";
  for (std::size_t axis = 0; axis < 3; ++axis) {
    for (std::size_t world = 0; world < 3; ++world) {
      double sign = 0;
      if (orientation[axis] == positive[world]) sign = 1;
      if (orientation[axis] == negative[world]) sign = -1;
      if (sign == 0) continue;
      g.direction[world][axis] = sign;
      g.origin[world] = -sign * spacing[axis] * (size[axis] - 1) / 2;
    }
  }
  return g;
}

struct Case {
  volume::Image scan;
  segmentation::Segmentation segmentation;

  explicit Case(const volume::Grid& g) : scan(g) {
    segmentation.lesion_mask = volume::Mask(g);
    segmentation.brain_mask = volume::Mask(g);
    segmentation.probabilities = volume::Image(g);
    for_each_voxel([&](std::size_t v, const volume::Vector3& at) {
      const double r =
          std::hypot(at[0] / 55, at[1] / 65, at[2] / 45);  // an ellipsoid of a head's size
      segmentation.brain_mask.data[v] = r < 1 ? 1 : 0;
      scan.data[v] = r < 1 ? 100.0F + static_cast<float>(10 * std::sin(at[0] / 5)) : 0.0F;
    });
    recount();
  }

  template <typename F>
  void for_each_voxel(F f) const {
    std::size_t v = 0;
    for (int k = 0; k < scan.grid.size[2]; ++k) {
      for (int j = 0; j < scan.grid.size[1]; ++j) {
        for (int i = 0; i < scan.grid.size[0]; ++i, ++v) {
          f(v, scan.grid.to_world({double(i), double(j), double(k)}));
        }
      }
    }
  }

  /// A ball of lesion around a world position (RAS+ mm).
  void add_lesion(const volume::Vector3& centre, double radius_mm) {
    for_each_voxel([&](std::size_t v, const volume::Vector3& at) {
      if (std::hypot(at[0] - centre[0], at[1] - centre[1], at[2] - centre[2]) > radius_mm) return;
      segmentation.lesion_mask.data[v] = 1;
      segmentation.probabilities.data[v] = 0.9F;
      scan.data[v] = 180;
    });
    recount();
  }

  void recount() {
    auto& s = segmentation;
    const double voxel_ml = scan.grid.voxel_volume_mm3() / 1000;
    s.lesion_volume_ml = s.brain_volume_ml = 0;
    for (std::size_t v = 0; v < scan.data.size(); ++v) {
      s.lesion_volume_ml += s.lesion_mask.data[v] * voxel_ml;
      s.brain_volume_ml += s.brain_mask.data[v] * voxel_ml;
    }
    s.lesions = segmentation::find_lesions(s.lesion_mask, s.probabilities);
  }

  [[nodiscard]] CaseReport report() const {
    CaseReport r;
    r.stem = "sub-01";
    r.image_name = "sub-01_FLAIR.nii.gz";
    r.model = {"plain", "1.2", std::string(64, 'a')};
    r.program_version = "0.1.0";
    r.date = "2026-03-01";
    r.scan = &scan;
    r.segmentation = &segmentation;
    return r;
  }
};

/// Thick axial slices, two lesions: a large one on the left, a small one on the right.
inline Case thick_case() {
  Case c(grid("LPS", {72, 84, 18}, {2, 2, 6}));
  c.add_lesion({-25, 10, 3}, 9);
  c.add_lesion({25, -20, 15}, 5);
  return c;
}

}  // namespace dawson::report::made
