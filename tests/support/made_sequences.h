// A made head in another contrast, and displaced.
#pragma once

#include "dawson/imaging/resample.h"
#include "support/made_head.h"

namespace dawson::made {

/// The T1w of a made head: lesions dark, tissue turned over, skull bright.
inline volume::Image t1w(const volume::Image& flair) {
  volume::Image image = flair;
  for (float& v : image.data) {
    if (v > 150) {
      v = 40;  // lesion
    } else if (v > 125) {
      v = 160;  // skull
    } else if (v > 60) {
      v = 190 - v;  // tissue
    } else {
      v *= 0.7F;  // fluid, air
    }
  }
  return image;
}

/// The same voxels, said to lie where `truth` takes them.
inline volume::Image displaced(volume::Image image, const imaging::Affine& truth) {
  using volume::operator*;
  image.grid.origin = truth(image.grid.origin);
  image.grid.direction = truth.matrix * image.grid.direction;
  return image;
}

/// A head of the same shape whose tissue and lesions lie elsewhere: another person's.
inline Head other_head(const volume::Grid& grid) {
  Head made = head(grid, {{{-40, -30, 20}, 9}, {{10, 30, 34}, 8}});
  const volume::Image waves = test::painted(grid, [](const volume::Vector3& p) {
    return 14 * std::sin(p[1] / 6 + 2) * std::sin(p[2] / 7 + 1) * std::cos(p[0] / 6);
  });
  const volume::Image usual = head(grid, {}).scan;
  for (std::size_t v = 0; v < waves.data.size(); ++v) {
    if (made.brain.data[v] != 0) made.scan.data[v] += 100 - usual.data[v] + waves.data[v];
  }
  return made;
}

}  // namespace dawson::made
