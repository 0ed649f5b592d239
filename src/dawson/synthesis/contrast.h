// How bright each tissue is in a FLAIR scan, with white matter as 1. Private to this room.
#pragma once

#include <array>

#include "dawson/core/random.h"
#include "dawson/synthesis/head_model.h"

namespace dawson::synthesis {

/// Brightness relative to white matter.
struct Contrast {
  double csf = 0.12;
  double grey = 1.22;
  double fat = 2.6;  ///< of scalp, orbits and neck
  double muscle = 0.55;
  double rim = 0.45;             ///< added in the last 2 mm before a ventricle (a normal finding)
  double caps = 0.42;            ///< added before and behind the ventricles (a normal finding)
  double plexus = 1.4;           ///< choroid plexus
  double grey_variation = 0.09;  ///< standard deviation, from lobe to lobe and from gyrus to gyrus
  double haze = 0.14;            ///< added in the white matter beside the atria (a normal finding)
  double inflow = 1.3;  ///< CSF that flows in unsuppressed: cisterns, third and fourth ventricle
  double lesion_low = 1.34;
  double lesion_high = 1.90;
  double halo = 0.10;     ///< added around lesions (dirty white matter)
  double blur_mm = 0.35;  ///< standard deviation of the point spread
};

/// FLAIR as clinical scanners make it, a little different each time.
Contrast flair_contrast(core::Random random);

/// Tissues drawn over a wide range around FLAIR's, fat suppressed in a third: for training.
Contrast wide_contrast(core::Random random);

/// T1 value → brightness, piecewise linear. Intermediate T1 values keep the partial volumes of the
/// original, so edges are not a cartoon's.
class Lookup {
 public:
  static Lookup inside(const Contrast& contrast, const TissueMeans& means);
  static Lookup outside(const Contrast& contrast);
  [[nodiscard]] float operator()(float t1) const noexcept;

 private:
  struct Point {
    double t1, brightness;
  };
  template <std::size_t N>
  explicit Lookup(const std::array<Point, N>& points);
  std::array<float, 1025> table_{};  // a quarter of a T1 unit each
};

}  // namespace dawson::synthesis
