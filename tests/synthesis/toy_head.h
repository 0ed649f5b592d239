// A head of balls: what phantoms need, small enough for a test.
#pragma once

#include <cmath>

#include "dawson/synthesis/head_model.h"

namespace dawson::synthesis {

/// On a 3 mm grid in MNI mm: white matter within 55 mm of (0, −18, 10), grey to 65, CSF to 70, bone
/// to 76, fat to 82; the ventricle is a ball of 14 mm above the deep nuclei.
inline HeadModel toy_head() {
  volume::Grid grid;
  grid.size = {61, 71, 61};
  grid.spacing = {3, 3, 3};
  grid.origin = {-90, -123, -80};
  HeadModel head{volume::Image(grid),
                 volume::Image(grid),
                 volume::Image(grid),
                 volume::Image(grid),
                 {45, 88, 113}};
  for (int k = 0; k < grid.size[2]; ++k) {
    for (int j = 0; j < grid.size[1]; ++j) {
      for (int i = 0; i < grid.size[0]; ++i) {
        const auto w = grid.to_world({1.0 * i, 1.0 * j, 1.0 * k});
        const double r = std::hypot(w[0], w[1] + 18, w[2] - 10);
        const bool ventricle = std::hypot(w[0], w[1] + 18, w[2] - 24) < 14;
        const std::size_t at = grid.offset(i, j, k);
        head.t1.data[at] = ventricle ? 40.0F
                           : r < 55  ? 113.0F
                           : r < 65  ? 88.0F
                           : r < 70  ? 40.0F
                           : r < 76  ? 20.0F
                           : r < 82  ? 220.0F
                                     : 0.0F;
        head.hull.data[at] = r < 70 ? 1.0F : 0.0F;
        head.brain.data[at] = r < 65 ? 1.0F : 0.0F;
        head.ventricles.data[at] = ventricle ? 1.0F : 0.0F;
      }
    }
  }
  return head;
}

}  // namespace dawson::synthesis
