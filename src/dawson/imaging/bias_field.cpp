#include "dawson/imaging/bias_field.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

#include "dawson/core/error.h"
#include "dawson/imaging/resample.h"
#include "dawson/imaging/sharpen.h"
#include "dawson/imaging/spline_lattice.h"

namespace dawson::imaging {

using volume::Grid;
using volume::Image;
using volume::Mask;

namespace {

constexpr std::size_t fewest_voxels = 1000;
constexpr int fewest_along_axis = 4;       // below, a cubic spline has nothing to hold on to
constexpr double standing_still = 1e-3;    // N4's usual convergence threshold
constexpr float largest_log_field = 1.2F;  // a factor of 3.3: no coil is worse; extrapolation is

/// The image's box in voxels of about `spacing_mm`; an axis that is coarser stays as it is.
Grid working_grid(const Grid& image, double spacing_mm) {
  Grid grid = image;
  volume::Vector3 first{};
  for (int a = 0; a < 3; ++a) {
    if (image.spacing[a] >= spacing_mm) continue;
    const double length = image.size[a] * image.spacing[a];
    grid.size[a] = std::max(1, static_cast<int>(std::round(length / spacing_mm)));
    grid.spacing[a] = length / grid.size[a];
    first[a] = 0.5 * (grid.spacing[a] / image.spacing[a] - 1);  // outer faces coincide
  }
  grid.origin = image.to_world(first);
  return grid;
}

/// What N4 works on: the mean of the mask's positive values in each coarse voxel.
struct Coarse {
  Image image;
  Mask mask;
  std::size_t voxels = 0;
};

Coarse coarsen(const Image& image, const Mask& mask, double spacing_mm) {
  Mask used(image.grid);
  Image masked(image.grid);
  for (std::size_t i = 0; i < image.data.size(); ++i) {
    if (mask.data[i] == 0 || !(image.data[i] > 0)) continue;
    used.data[i] = 1;
    masked.data[i] = image.data[i];
  }
  const Grid grid = working_grid(image.grid, spacing_mm);
  Coarse coarse{resample_smooth(masked, grid), Mask(grid), 0};
  const Image coverage = resample_coverage(used, grid);
  for (std::size_t i = 0; i < coverage.data.size(); ++i) {
    const bool inside = coverage.data[i] >= 0.5F;
    coarse.image.data[i] = inside ? coarse.image.data[i] / coverage.data[i] : 1;
    coarse.mask.data[i] = inside ? 1 : 0;
    coarse.voxels += inside ? 1 : 0;
  }
  return coarse;
}

bool is_constant(const Coarse& coarse) {
  float low = std::numeric_limits<float>::infinity();
  float high = 0;
  for (std::size_t i = 0; i < coarse.mask.data.size(); ++i) {
    if (coarse.mask.data[i] == 0) continue;
    low = std::min(low, coarse.image.data[i]);
    high = std::max(high, coarse.image.data[i]);
  }
  return !(high > low * 1.0001F);
}

/// Where the voxels of `grid` lie between the first (0) and last (1) voxel centre of `whole`,
/// along each axis; the two grids are parallel and their outer faces coincide.
SplineAxes axes_on(const Grid& grid, const Grid& whole, const volume::Index3& spans) {
  SplineAxes axes;
  for (std::size_t a = 0; a < 3; ++a) {
    const double ratio = grid.spacing[a] / whole.spacing[a];
    std::vector<double> positions;
    for (int i = 0; i < grid.size[a]; ++i) {
      positions.push_back(((i + 0.5) * ratio - 0.5) / (whole.size[a] - 1));
    }
    axes[a] = spline_axis(positions, spans[a]);
  }
  return axes;
}

/// One level of N4: the lattice is improved until the field stands still.
class Level {
 public:
  Level(const Coarse& coarse, const volume::Index3& spans)
      : axes_(axes_on(coarse.image.grid, coarse.image.grid, spans)),
        fit_(axes_, std::vector<double>(coarse.mask.data.begin(), coarse.mask.data.end())),
        voxels_(coarse.mask.data.size()) {
    for (std::size_t i = 0; i < voxels_; ++i) {
      if (coarse.mask.data[i] == 0) continue;
      inside_.push_back(i);
      input_.push_back(std::log(static_cast<double>(coarse.image.data[i])));
    }
  }

  void improve(SplineLattice& lattice, int iterations, const Progress& progress) {
    std::vector<double> field = field_of(lattice);
    for (int iteration = 0; iteration < iterations; ++iteration) {
      progress.check();
      std::vector<double> uncorrected(input_.size());
      for (std::size_t n = 0; n < input_.size(); ++n) uncorrected[n] = input_[n] - field[n];
      const std::vector<double> sharp = sharpened(uncorrected);
      std::vector<double> residual(voxels_, 0.0);
      for (std::size_t n = 0; n < input_.size(); ++n) {
        residual[inside_[n]] = uncorrected[n] - sharp[n];
      }
      const std::vector<double> update = fit_.fit(residual);
      for (std::size_t c = 0; c < update.size(); ++c) lattice.values[c] += update[c];
      std::vector<double> next = field_of(lattice);
      const double change = variation(field, next);
      field = std::move(next);
      if (change < standing_still) return;
    }
  }

 private:
  [[nodiscard]] std::vector<double> field_of(const SplineLattice& lattice) const {
    const std::vector<float> all = lattice.at(axes_);
    std::vector<double> field;
    field.reserve(inside_.size());
    for (const std::size_t i : inside_) field.push_back(static_cast<double>(all[i]));
    return field;
  }

  /// Standard deviation over mean of the ratio of two fields, given as logarithms.
  static double variation(const std::vector<double>& a, const std::vector<double>& b) {
    double sum = 0;
    double squares = 0;
    for (std::size_t n = 0; n < a.size(); ++n) {
      const double ratio = std::exp(a[n] - b[n]);
      sum += ratio;
      squares += ratio * ratio;
    }
    const double mean = sum / static_cast<double>(a.size());
    return std::sqrt(std::max(0.0, squares / static_cast<double>(a.size()) - mean * mean)) / mean;
  }

  SplineAxes axes_;
  SplineFit fit_;
  std::size_t voxels_;
  std::vector<std::size_t> inside_;  ///< offsets of the mask's voxels
  std::vector<double> input_;        ///< their log intensities
};

SplineLattice log_field(const Coarse& coarse, const BiasSettings& settings,
                        const Progress& progress) {
  const Grid& grid = coarse.image.grid;
  volume::Index3 spans{};
  for (int a = 0; a < 3; ++a) {
    const double length = grid.size[a] * grid.spacing[a];
    spans[a] = std::max(1, static_cast<int>(std::lround(length / settings.control_spacing_mm)));
  }
  SplineLattice lattice(spans);
  for (int level = 0; level < settings.levels; ++level) {
    if (level > 0) lattice = lattice.refined();
    Level(coarse, lattice.spans).improve(lattice, settings.iterations, progress);
  }
  return lattice;
}

}  // namespace

Image bias_field(const Image& image, const Mask& mask, const BiasSettings& settings,
                 Progress& progress) {
  if (!volume::same_grid(image.grid, mask.grid)) {
    throw Error(ExitCode::input, "the bias field's mask lies on another grid than the image");
  }
  progress.check();
  const auto inside = static_cast<std::size_t>(
      std::count_if(mask.data.begin(), mask.data.end(), [](auto value) { return value != 0; }));
  if (inside < fewest_voxels) return Image(image.grid, 1);
  const Coarse coarse = coarsen(image, mask, settings.working_spacing_mm);
  const volume::Index3 size = coarse.image.grid.size;
  if (*std::min_element(size.begin(), size.end()) < fewest_along_axis || coarse.voxels < 100 ||
      is_constant(coarse)) {
    return Image(image.grid, 1);
  }

  const SplineLattice lattice = log_field(coarse, settings, progress);
  Image field(image.grid, lattice.at(axes_on(image.grid, coarse.image.grid, lattice.spans)));
  double sum = 0;
  for (std::size_t i = 0; i < field.data.size(); ++i) {
    field.data[i] = std::exp(std::clamp(field.data[i], -largest_log_field, largest_log_field));
    if (mask.data[i] != 0) sum += static_cast<double>(field.data[i]);
  }
  const auto scale = static_cast<float>(static_cast<double>(inside) / sum);
  for (float& value : field.data) value *= scale;
  return field;
}

}  // namespace dawson::imaging
