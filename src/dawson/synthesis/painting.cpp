#include "dawson/synthesis/painting.h"

#include <algorithm>
#include <cmath>

#include "dawson/imaging/morphology.h"

namespace dawson::synthesis {

using volume::Grid;
using volume::Image;
using volume::Vector3;

namespace {

constexpr double rim_mm = 1.4;  // the rim's brightness falls to 1/e over this distance
constexpr double caps_mm = 3.5;
constexpr double caps_end_mm = 14;
constexpr double deep_grey_share = 0.45;  // of the cortex's brightness over white matter's
constexpr float least_visible = 0.15F;    // a rater would not have drawn what is fainter
constexpr double texture = 0.02;          // grain of tissue, of its brightness

/// How much of a cap there is at this voxel: 1 straight before or behind a ventricle.
double cap_share(const Image& ventricle_mm, const Vector3& index) {
  Vector3 slope{};
  for (int a = 0; a < 3; ++a) {
    Vector3 before = index;
    Vector3 after = index;
    before[a] -= 2;
    after[a] += 2;
    slope[a] = value_at(ventricle_mm, after) - value_at(ventricle_mm, before);
  }
  const double length = std::hypot(slope[0], slope[1], slope[2]);
  if (length < 1e-6) return 0;
  return std::clamp((std::abs(slope[1]) / length - 0.55) / 0.4, 0.0, 1.0);
}

/// 1 within thalamus and basal ganglia (MNI mm), fading over 8 mm; their T1 is the cortex's, their
/// FLAIR nearer to white matter's.
double deep_grey(const Vector3& mni) {
  const double x = (std::abs(mni[0]) - 26) / 8;
  const double y = (std::abs(mni[1] + 5) - 22) / 8;
  const double z = (std::abs(mni[2] - 5) - 13) / 8;
  return std::clamp(1 - std::max({x, y, z}), 0.0, 1.0);
}

/// White matter beside the atria that is myelinated last and stays a little bright: 1 in its
/// middle, fading over 8 mm.
double terminal_zone(const Vector3& mni) {
  const double x = (std::abs(std::abs(mni[0]) - 30) - 3) / 8;
  const double y = (std::abs(mni[1] + 42) - 12) / 8;
  const double z = (std::abs(mni[2] - 16) - 9) / 8;
  return std::clamp(1 - std::max({x, y, z}), 0.0, 1.0);
}

/// The parts of the ventricles that hold choroid plexus, in MNI mm: bodies and atria.
bool may_hold_plexus(const Vector3& mni) {
  const double side = std::abs(mni[0]);
  const bool atrium =
      side > 14 && side < 34 && mni[1] > -48 && mni[1] < -30 && mni[2] > -4 && mni[2] < 18;
  const bool body = side < 18 && mni[1] > -32 && mni[1] < 4 && mni[2] > 8 && mni[2] < 18;
  const bool fourth = side < 10 && mni[1] > -50 && mni[1] < -38 && mni[2] > -40 && mni[2] < -28;
  return atrium || body || fourth;
}

/// What is painted of one voxel inside the dura.
class Inside {
 public:
  Inside(const Anatomy& anatomy, const TissueMeans& means, const Warp& warp,
         const Image& ventricle_mm, const Contrast& contrast, const core::Random& random)
      : anatomy_(anatomy),
        means_(means),
        warp_(warp),
        ventricle_mm_(ventricle_mm),
        contrast_(contrast),
        lookup_(Lookup::inside(contrast, means)),
        regions_(anatomy.t1.grid, 14, random.stream("regions")),
        patches_(anatomy.t1.grid, 3.5, random.stream("patches")),
        grain_(anatomy.t1.grid, 1.6, random.stream("grain")),
        tufts_(anatomy.t1.grid, 1.8, random.stream("plexus")) {}

  [[nodiscard]] double operator()(std::size_t at, const Vector3& index,
                                  const Vector3& world) const {
    const double t1 = anatomy_.t1.data[at];
    const double tissue =
        std::clamp((t1 - means_.csf_grey()) / (means_.grey - means_.csf_grey()), 0.0, 1.0);
    const double grey =
        tissue * std::clamp((means_.white - t1) / (means_.white - means_.grey), 0.0, 1.0);
    double value = lookup_(static_cast<float>(t1));
    const Vector3 mni = warp_.to_model(world);
    value -= (1 - deep_grey_share) * deep_grey(mni) * grey * (contrast_.grey - 1);
    value *= 1 + tissue * texture * grain_.at(world) +
             grey * contrast_.grey_variation * (regions_.at(world) + patches_.at(world));
    value += contrast_.haze * tissue * terminal_zone(mni) *
             std::clamp(0.8 + 0.6 * patches_.at(world), 0.0, 2.0);
    if (tissue < 1 && mni[2] < 4) {
      const double inflow = std::clamp((patches_.at(world) - 1) / 0.8, 0.0, 1.0);
      value += (1 - tissue) * inflow * std::max(0.0, contrast_.inflow - value);
    }
    const double distance = ventricle_mm_.data[at];
    if (distance > 0 && distance < caps_end_mm && tissue > 0) {
      // Regions vary the caps too: nobody's are even.
      const double uneven = std::clamp(0.7 + 0.5 * regions_.at(world), 0.0, 1.6);
      value += tissue * (contrast_.rim * std::exp(-distance / rim_mm) +
                         uneven * contrast_.caps * cap_share(ventricle_mm_, index) *
                             std::exp(-distance / caps_mm));
    }
    const double ventricle = anatomy_.ventricles.data[at];
    if (ventricle > 0.5 && may_hold_plexus(mni)) {
      const double tuft = std::clamp((tufts_.at(world) - 0.5) / 0.7, 0.0, 1.0);
      value += tuft * std::max(0.0, contrast_.plexus - value);
    }
    return value;
  }

 private:
  const Anatomy& anatomy_;
  const TissueMeans& means_;
  const Warp& warp_;
  const Image& ventricle_mm_;
  const Contrast& contrast_;
  Lookup lookup_;
  SmoothNoise regions_;
  SmoothNoise patches_;
  SmoothNoise grain_;
  SmoothNoise tufts_;
};

}  // namespace

Image paint_head(const Anatomy& anatomy, const TissueMeans& means, const Warp& warp,
                 const Image& ventricle_mm, const Contrast& contrast, const core::Random& random,
                 Progress& progress) {
  const Inside inside(anatomy, means, warp, ventricle_mm, contrast, random);
  const Lookup outside = Lookup::outside(contrast);
  const Grid& grid = anatomy.t1.grid;
  Image painted(grid);
  for (int k = 0; k < grid.size[2]; ++k) {
    progress.check();
    for (int j = 0; j < grid.size[1]; ++j) {
      for (int i = 0; i < grid.size[0]; ++i) {
        const std::size_t at = grid.offset(i, j, k);
        const double hull = std::clamp(anatomy.hull.data[at], 0.0F, 1.0F);
        double value = 0;
        if (hull < 1) value += (1 - hull) * outside(anatomy.t1.data[at]);
        if (hull > 0) {
          const Vector3 index{1.0 * i, 1.0 * j, 1.0 * k};
          value += hull * inside(at, index, grid.to_world(index));
        }
        painted.data[at] = static_cast<float>(value);
      }
    }
  }
  return painted;
}

void paint_lesions(Image& head, const LesionField& lesions, const LesionGround& ground,
                   const Contrast& contrast, const core::Random& random) {
  const Image halo = imaging::smooth(lesions.share, 2.5);
  const SmoothNoise core(head.grid, 2.5, random.stream("lesion texture"));
  const Grid& grid = head.grid;
  for (int k = 0; k < grid.size[2]; ++k) {
    for (int j = 0; j < grid.size[1]; ++j) {
      for (int i = 0; i < grid.size[0]; ++i) {
        const std::size_t at = grid.offset(i, j, k);
        if (halo.data[at] < 1e-3F) continue;
        float& value = head.data[at];
        value += static_cast<float>(contrast.halo) * halo.data[at] * ground.white.data[at];
        const float share = lesions.share.data[at];
        if (share <= 0) continue;
        const double bright = contrast.lesion_low + (contrast.lesion_high - contrast.lesion_low) *
                                                        lesions.brightness.data[at];
        const double here =
            bright * (1 + 0.08 * core.at(grid.to_world({1.0 * i, 1.0 * j, 1.0 * k})));
        value += share * std::max(least_visible, static_cast<float>(here) - value);
      }
    }
  }
}

}  // namespace dawson::synthesis
