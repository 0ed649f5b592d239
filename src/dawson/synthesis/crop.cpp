#include "dawson/synthesis/crop.h"

#include <cmath>

namespace dawson::synthesis {

Box box_of(const volume::Mask& mask, double margin_mm) {
  const volume::Grid& grid = mask.grid;
  Box box{grid.size, {-1, -1, -1}};
  for (int k = 0; k < grid.size[2]; ++k) {
    for (int j = 0; j < grid.size[1]; ++j) {
      for (int i = 0; i < grid.size[0]; ++i) {
        if (mask.data[grid.offset(i, j, k)] == 0) continue;
        const volume::Index3 at{i, j, k};
        for (int a = 0; a < 3; ++a) {
          box.low[a] = std::min(box.low[a], at[a]);
          box.high[a] = std::max(box.high[a], at[a]);
        }
      }
    }
  }
  if (box.high[0] < 0) return {};
  for (int a = 0; a < 3; ++a) {
    const int margin = static_cast<int>(std::ceil(margin_mm / grid.spacing[a]));
    box.low[a] = std::max(0, box.low[a] - margin);
    box.high[a] = std::min(grid.size[a] - 1, box.high[a] + margin);
  }
  return box;
}

volume::Grid part_of(const volume::Grid& grid, const Box& box) {
  volume::Grid part = grid;
  part.origin = grid.to_world({1.0 * box.low[0], 1.0 * box.low[1], 1.0 * box.low[2]});
  for (int a = 0; a < 3; ++a) part.size[a] = box.high[a] - box.low[a] + 1;
  return part;
}

}  // namespace dawson::synthesis
