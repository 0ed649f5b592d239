#include "dawson/synthesis/lesion_painting.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <utility>

#include "dawson/anatomy/brain.h"
#include "dawson/core/error.h"
#include "dawson/imaging/morphology.h"
#include "dawson/synthesis/crop.h"
#include "dawson/synthesis/normal_tissue.h"
#include "dawson/synthesis/painting.h"

namespace dawson::synthesis {

using volume::Grid;
using volume::Image;
using volume::Mask;
using volume::Vector3;

namespace {

constexpr double room_mm = 12;             // kept around the brain
constexpr double abnormal_mm = 4;          // around lesions, nothing counts as normal
constexpr double apart_mm = 2;             // from other lesions and from the brain's surface
constexpr double shift_mm = 4;             // standard deviation of a shape's move, each axis
constexpr double tissue_deviations = 2.5;  // what a lesion may replace, around white's level
constexpr double least_in_tissue = 0.9;    // of a lesion's voxels
constexpr double least_after_cut = 0.5;    // of them, where a lesion may be cut
constexpr double least_in_white = 0.6;     // of what is left, what is surely white matter
constexpr double largest_surplus = 1.2;    // a shape may be this much larger than what is wanting
constexpr double base_sigma_mm = 1;        // what is painted on; the finer rest stays the scan's
constexpr double least_lesion_mm3 = 3;
constexpr int most_tries_in_vain = 300;

/// The same voxels, axes along the array's: fields of noise are made in such a frame.
Grid straight(const Grid& grid) {
  Grid along_axes;
  along_axes.size = grid.size;
  along_axes.spacing = grid.spacing;
  return along_axes;
}

/// The voxels of `target` that a shape can reach, grown by the lesions' distance.
Box reach_of(const Grid& shape, const imaging::Affine& to_shape, const Grid& target) {
  const imaging::Affine from_shape = to_shape.inverse();
  Vector3 low{1e9, 1e9, 1e9};
  Vector3 high{-1e9, -1e9, -1e9};
  for (int corner = 0; corner < 8; ++corner) {
    Vector3 index{};
    for (int a = 0; a < 3; ++a) index[a] = (corner >> a & 1) != 0 ? shape.size[a] - 1 : 0;
    const Vector3 at = target.to_index(from_shape(shape.to_world(index)));
    for (int a = 0; a < 3; ++a) {
      low[a] = std::min(low[a], at[a]);
      high[a] = std::max(high[a], at[a]);
    }
  }
  Box box;
  for (int a = 0; a < 3; ++a) {
    const double margin = apart_mm / target.spacing[a];
    box.low[a] = std::max(0, static_cast<int>(std::floor(low[a] - margin)));
    box.high[a] = std::min(target.size[a] - 1, static_cast<int>(std::ceil(high[a] + margin)));
    if (box.high[a] < box.low[a]) return {};
  }
  return box;
}

/// A lesion at its place: shares of its voxels on part of the scan.
struct Placed {
  Box box;
  Image share;
  double median_share = 1;  ///< over the voxels that are at least half lesion
};

/// Finds room for shapes, one after the other.
class Placer {
 public:
  /// `cut`: a lesion ends where there is no tissue for it.
  Placer(const NormalTissue& tissue, const Mask& lesions, const Mask& brain, bool cut)
      : ground_(brain.grid), cut_(cut) {
    const Mask near_lesions = imaging::dilate_mm(lesions, apart_mm);
    const Mask inner = imaging::erode_mm(brain, apart_mm);
    const auto range = static_cast<float>(tissue_deviations * tissue.deviation);
    for (std::size_t v = 0; v < ground_.data.size(); ++v) {
      std::uint8_t& ground = ground_.data[v];
      ground = other;
      if (std::abs(tissue.residual.data[v]) < range) ground = some_tissue;
      if (tissue.white.data[v] != 0) ground = white;
      if (near_lesions.data[v] != 0 || inner.data[v] == 0) ground = taken;
    }
  }

  /// The shape where `to_shape` brings it, softened; nothing when there is no room for it.
  std::optional<Placed> place(const LesionShape& shape, const imaging::Affine& to_shape,
                              double soft_mm) {
    const Box box = reach_of(shape.mask.grid, to_shape, ground_.grid);
    if (box.empty()) return std::nullopt;
    Image soft(shape.mask.grid);
    std::copy(shape.mask.data.begin(), shape.mask.data.end(), soft.data.begin());
    Placed placed{box, imaging::resample_smooth(imaging::smooth(soft, soft_mm),
                                                part_of(ground_.grid, box), 0, to_shape)};
    Mask truth(placed.share.grid);
    std::vector<float> shares;
    std::array<double, 4> on{};  // voxels on each kind of ground
    for_part(ground_.grid, box, [&](std::size_t whole, std::size_t part) {
      float& share = placed.share.data[part];
      const std::uint8_t ground = ground_.data[whole];
      if (share >= 0.5F) ++on[ground];
      if (cut_ && ground != white && ground != some_tissue) share = 0;
      if (share < 0.5F) return;
      truth.data[part] = 1;
      shares.push_back(share);
    });
    const double in_tissue = on[white] + on[some_tissue], all = in_tissue + on[taken] + on[other];
    const auto left = static_cast<double>(shares.size());
    if ((on[taken] > 0 && !cut_) || left * ground_.grid.voxel_volume_mm3() < least_lesion_mm3 ||
        in_tissue < (cut_ ? least_after_cut : least_in_tissue) * all ||
        on[white] < least_in_white * left) {
      return std::nullopt;
    }
    const auto middle = shares.begin() + static_cast<std::ptrdiff_t>(shares.size() / 2);
    std::nth_element(shares.begin(), middle, shares.end());
    placed.median_share = *middle;
    const Mask around = imaging::dilate_mm(truth, apart_mm);
    for_part(ground_.grid, box, [&](std::size_t whole, std::size_t part) {
      if (around.data[part] != 0) ground_.data[whole] = taken;
    });
    return placed;
  }

 private:
  static constexpr std::uint8_t taken = 0, white = 1, some_tissue = 2, other = 3;
  Mask ground_;
  bool cut_;
};

/// Which shape comes next: each as likely as the others, or as its volume.
class Draw {
 public:
  Draw(const std::vector<LesionShape>& shapes, bool by_volume) : by_volume_(by_volume) {
    for (const LesionShape& s : shapes) {
      below_.push_back((below_.empty() ? 0 : below_.back()) + s.volume_mm3);
    }
  }
  std::size_t operator()(core::Random& random) const {
    if (!by_volume_) return random.below(below_.size());
    const auto at =
        std::upper_bound(below_.begin(), below_.end() - 1, random.uniform() * below_.back());
    return static_cast<std::size_t>(at - below_.begin());
  }

 private:
  bool by_volume_;
  std::vector<double> below_;  // volume of the shapes up to this one
};

imaging::Affine moved(const imaging::Affine& to_mni, core::Random& random) {
  imaging::Affine move;
  if (random.chance(0.5)) move.matrix[0][0] = -1;
  for (double& mm : move.offset) mm = random.normal(0, shift_mm);
  return move * to_mni;
}

/// Shares and brightness of all lesions that found room.
struct Field {
  LesionField lesions;
  int count = 0;
};

/// `white`: the brightness of white matter on the scale of the settings' faintest and brightest.
Field place_lesions(Placer& placer, const Grid& grid, const std::vector<LesionShape>& shapes,
                    const imaging::Affine& to_mni, const PaintSettings& settings, double white,
                    core::Random random, Progress& progress) {
  Field field;
  field.lesions = {Image(straight(grid)), Image(straight(grid))};
  const Draw draw(shapes, settings.confluent);
  double wanting_mm3 = settings.load_ml * 1000;
  for (int in_vain = 0; wanting_mm3 > least_lesion_mm3 && in_vain < most_tries_in_vain; ++in_vain) {
    progress.check();
    const LesionShape& shape = shapes[draw(random)];
    const imaging::Affine to_shape = moved(to_mni, random);
    const double soft_mm = random.uniform(0.7, 1.4);
    const double drawn = std::pow(random.uniform(), 1.5);  // few are the brightest
    if (shape.volume_mm3 > largest_surplus * wanting_mm3) continue;
    const std::optional<Placed> placed = placer.place(shape, to_shape, soft_mm);
    if (!placed) continue;
    // The median of what is seen is to be the drawn one, soft edges or not; 0 is the faintest.
    const double span = settings.brightest - settings.faintest;
    const double over_white = settings.faintest + span * drawn - white;
    const double brightness =
        (white + over_white / placed->median_share - settings.faintest) / span;
    for_part(grid, placed->box, [&](std::size_t whole, std::size_t part) {
      const float share = placed->share.data[part];
      if (share >= 0.5F) wanting_mm3 -= grid.voxel_volume_mm3();
      if (share <= field.lesions.share.data[whole]) return;
      field.lesions.share.data[whole] = share;
      field.lesions.brightness.data[whole] = static_cast<float>(brightness);
    });
    ++field.count;
    in_vain = 0;
  }
  return field;
}

/// What painting adds to the corrected scan, with white matter as 1.
Image added_brightness(const Image& corrected, const NormalTissue& tissue, const Mask& brain,
                       const LesionField& field, const anatomy::RobustScale& scale,
                       const PaintSettings& settings, const core::Random& random) {
  Contrast contrast;
  contrast.lesion_low = (scale.median + settings.faintest * scale.deviation) / tissue.white_level;
  contrast.lesion_high = (scale.median + settings.brightest * scale.deviation) / tissue.white_level;
  contrast.halo = random.stream("halo").uniform(0.02, 0.14);
  Image base(straight(corrected.grid), imaging::smooth(corrected, base_sigma_mm).data);
  LesionGround ground;  // painting asks it for white matter alone: where halos are seen
  ground.white = Image(base.grid);
  for (std::size_t v = 0; v < base.data.size(); ++v) {
    base.data[v] = static_cast<float>(base.data[v] / tissue.white_level);
    const float fluid =
        tissue.level.data[v] - static_cast<float>(tissue_deviations * tissue.deviation);
    ground.white.data[v] = brain.data[v] != 0 && corrected.data[v] > fluid ? 1.0F : 0.0F;
  }
  Image painted = base;
  paint_lesions(painted, field, ground, contrast, random.stream("painting"));
  for (std::size_t v = 0; v < painted.data.size(); ++v) painted.data[v] -= base.data[v];
  return painted;
}

void check(const Image& scan, const Mask& lesions, const Mask& brain,
           const std::vector<LesionShape>& shapes) {
  if (!volume::same_grid(scan.grid, lesions.grid) || !volume::same_grid(scan.grid, brain.grid)) {
    throw Error(ExitCode::input, "a mask does not lie on the scan's grid");
  }
  if (shapes.empty()) throw Error(ExitCode::input, "there are no lesion shapes to paint");
  if (box_of(brain, 0).empty()) throw Error(ExitCode::input, "the brain mask is empty");
}

}  // namespace

Painted paint_lesion_shapes(const Image& scan, const Mask& lesions, const Mask& brain,
                            const std::vector<LesionShape>& shapes, const imaging::Affine& to_mni,
                            const PaintSettings& settings, const core::Random& random,
                            Progress& progress) {
  check(scan, lesions, brain, shapes);
  progress.step("learning normal tissue");
  const Box box = box_of(brain, room_mm);
  Image corrected = cropped(scan, box);
  const Mask own_brain = cropped(brain, box);
  const Mask own_lesions = cropped(lesions, box);
  const NormalTissue tissue = find_normal_tissue(
      corrected, imaging::dilate_mm(own_lesions, abnormal_mm), own_brain, progress);
  for (std::size_t v = 0; v < corrected.data.size(); ++v) {
    corrected.data[v] /= tissue.field.data[v];
  }

  progress.step("painting lesions");
  const anatomy::RobustScale scale = anatomy::robust_scale(corrected, own_brain);
  Placer placer(tissue, own_lesions, own_brain, settings.confluent);
  const Field field = place_lesions(placer, corrected.grid, shapes, to_mni, settings,
                                    (tissue.white_level - scale.median) / scale.deviation,
                                    random.stream("places"), progress);
  const Image added =
      added_brightness(corrected, tissue, own_brain, field.lesions, scale, settings, random);
  Painted result{scan, lesions, Mask(scan.grid), field.count, 0};
  std::size_t voxels = 0;
  for_part(scan.grid, box, [&](std::size_t whole, std::size_t v) {
    if (added.data[v] != 0) {
      result.scan.data[whole] +=
          static_cast<float>(tissue.white_level) * added.data[v] * tissue.field.data[v];
    }
    if (field.lesions.share.data[v] < 0.5F) return;
    result.painted.data[whole] = 1;
    result.lesions.data[whole] = 1;
    ++voxels;
  });
  result.painted_ml = static_cast<double>(voxels) * scan.grid.voxel_volume_mm3() / 1000;
  progress.finish();
  return result;
}

}  // namespace dawson::synthesis
