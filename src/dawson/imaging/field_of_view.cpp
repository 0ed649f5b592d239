#include "dawson/imaging/field_of_view.h"

#include <algorithm>

#include "dawson/imaging/morphology.h"

namespace dawson::imaging {

using volume::Grid;
using volume::Image;
using volume::Mask;
using volume::Vector3;

FieldOfView::FieldOfView(const Mask& mask) : grid_(mask.grid) {
  const auto area_mm2 = area_at_ends_mm2(mask);
  for (std::size_t axis = 0; axis < 3; ++axis) {
    for (std::size_t end = 0; end < 2; ++end) {
      cut_[axis][end] = area_mm2[axis][end] >= 100 * cut_from_cm2;
    }
  }
}

bool FieldOfView::cuts_mask() const noexcept {
  return std::any_of(cut_.begin(), cut_.end(), [](const auto& ends) { return ends[0] || ends[1]; });
}

Vector3 FieldOfView::outwards() const noexcept {
  Vector3 sum{};
  for (std::size_t axis = 0; axis < 3; ++axis) {
    const int sign = static_cast<int>(cut_[axis][1]) - static_cast<int>(cut_[axis][0]);
    for (std::size_t row = 0; row < 3; ++row) sum[row] += sign * grid_.direction[row][axis];
  }
  return sum;
}

Mask FieldOfView::on(const Grid& grid) const {
  Mask known(grid, 1);
  if (!cuts_mask()) return known;
  for (int k = 0; k < grid.size[2]; ++k) {
    for (int j = 0; j < grid.size[1]; ++j) {
      for (int i = 0; i < grid.size[0]; ++i) {
        const Vector3 world = grid.to_world({double(i), double(j), double(k)});
        const Vector3 here = grid_.to_index(world);
        for (std::size_t axis = 0; axis < 3; ++axis) {
          const bool before = here[axis] < -0.5;
          const bool behind = here[axis] > grid_.size[axis] - 0.5;
          if ((before && cut_[axis][0]) || (behind && cut_[axis][1])) known.at(i, j, k) = 0;
        }
      }
    }
  }
  return known;
}

Image FieldOfView::smoothed(const Image& cover, double sigma_mm) const {
  Image smoothed = smooth(cover, sigma_mm);
  if (!cuts_mask()) return smoothed;
  const Mask known = on(cover.grid);
  Image weight(cover.grid);
  std::copy(known.data.begin(), known.data.end(), weight.data.begin());
  weight = smooth(weight, sigma_mm);
  for (std::size_t v = 0; v < smoothed.data.size(); ++v) {
    if (known.data[v] != 0) smoothed.data[v] /= weight.data[v];
  }
  return smoothed;
}

}  // namespace dawson::imaging
