#include "dawson/synthesis/head_model.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "dawson/core/error.h"
#include "dawson/imaging/morphology.h"
#include "dawson/lesions/lesions.h"
#include "dawson/volume/nifti.h"

namespace dawson::synthesis {

using volume::Image;
using volume::Mask;

namespace {

/// A box in MNI millimetres; x is the distance from the midline.
struct Box {
  double x_low, x_high, y_low, y_high, z_low, z_high;
  [[nodiscard]] bool holds(double x, double y, double z) const {
    const double side = std::abs(x);
    return side >= x_low && side <= x_high && y >= y_low && y <= y_high && z >= z_low &&
           z <= z_high;
  }
};

// Read off the head itself: dark voxels inside the first boxes and none of the second are
// ventricle. The second hold cisterns, the interhemispheric fissure and the insula.
constexpr std::array<Box, 4> ventricle_boxes{{
    {0, 36, -52, 36, -2, 30},     // lateral ventricles without the temporal horns
    {24, 42, -45, -8, -22, 0},    // temporal horns
    {0, 6, -32, 4, -10, 12},      // third
    {0, 14, -52, -30, -42, -16},  // fourth
}};
constexpr std::array<Box, 5> not_ventricle_boxes{{
    {22, 60, -18, 40, -2, 30},   // insula
    {0, 14, -60, -30, -2, 14},   // quadrigeminal cistern
    {0, 9, -60, -36, -2, 30},    // posterior interhemispheric fissure
    {0, 8, 22, 40, -2, 30},      // anterior interhemispheric fissure
    {22, 30, -20, -8, -22, -5},  // ambient cistern
}};
constexpr double ventricle_depth_mm = 14;  // below the brain's surface, at least
constexpr double smallest_ventricle_mm3 = 800;

Image as_image(const Mask& mask) {
  Image image(mask.grid);
  std::copy(mask.data.begin(), mask.data.end(), image.data.begin());
  return image;
}

Mask closed(const Mask& mask, double radius_mm) {
  return imaging::erode_mm(imaging::dilate_mm(mask, radius_mm), radius_mm);
}

Mask find_ventricles(const Image& t1, const Mask& hull, double darker_than) {
  const Mask deep = imaging::erode_mm(hull, ventricle_depth_mm);
  Mask dark(t1.grid);
  for (int k = 0; k < t1.grid.size[2]; ++k) {
    for (int j = 0; j < t1.grid.size[1]; ++j) {
      for (int i = 0; i < t1.grid.size[0]; ++i) {
        const std::size_t at = t1.grid.offset(i, j, k);
        if (deep.data[at] == 0 || t1.data[at] >= darker_than) continue;
        const auto w = t1.grid.to_world({1.0 * i, 1.0 * j, 1.0 * k});
        const auto holds = [&](const Box& box) { return box.holds(w[0], w[1], w[2]); };
        dark.data[at] = std::any_of(ventricle_boxes.begin(), ventricle_boxes.end(), holds) &&
                        std::none_of(not_ventricle_boxes.begin(), not_ventricle_boxes.end(), holds);
      }
    }
  }
  const lesions::Lattice lattice{t1.grid.size, t1.grid.spacing};
  dark.data = lesions::without_small(dark.data, lattice, smallest_ventricle_mm3);
  return dark;
}

/// Parenchyma and ventricles; narrow sulci are bridged, wide ones and what lies outside are not.
Mask find_brain(const Image& t1, const Mask& stripped, const Mask& ventricles, double darker_than) {
  Mask tissue(t1.grid);
  for (std::size_t v = 0; v < tissue.data.size(); ++v) {
    tissue.data[v] = stripped.data[v] != 0 && t1.data[v] >= darker_than;
  }
  Mask brain = closed(imaging::largest_component(tissue), 2.5);
  for (std::size_t v = 0; v < brain.data.size(); ++v) brain.data[v] |= ventricles.data[v];
  return imaging::fill_holes(brain);
}

Image read_head(const std::filesystem::path& folder, const char* name) {
  const auto file = folder / name;
  if (!std::filesystem::exists(file)) {
    throw Error(ExitCode::input, "the head that phantoms are painted on is not there",
                file.string(), "install Debian's mricron-data, or let DAWSON_HEAD name its folder");
  }
  Image image = volume::read_nifti(file).image;
  volume::Grid expected;
  expected.size = {181, 217, 181};
  expected.origin = {-90, -125, -71};
  if (!volume::same_grid(image.grid, expected, 0.5)) {
    throw Error(ExitCode::input, "this is not Colin27 at 1 mm as mricron-data has it",
                file.string());
  }
  image.grid = expected;
  return image;
}

}  // namespace

TissueMeans fit_tissues(const Image& t1, const Mask& brain) {
  std::array<double, 256> histogram{};
  for (std::size_t v = 0; v < t1.data.size(); ++v) {
    if (brain.data[v] != 0)
      ++histogram[static_cast<std::size_t>(std::clamp(t1.data[v], 0.0F, 255.0F))];
  }
  std::array<double, 3> mean{35, 80, 112};
  std::array<double, 3> deviation{12, 10, 5};
  std::array<double, 3> share{0.1, 0.5, 0.4};
  for (int iteration = 0; iteration < 100; ++iteration) {
    std::array<double, 3> count{};
    std::array<double, 3> sum{};
    std::array<double, 3> squares{};
    for (std::size_t bin = 0; bin < histogram.size(); ++bin) {
      const double value = static_cast<double>(bin) + 0.5;
      std::array<double, 3> p{};
      for (int c = 0; c < 3; ++c) {
        const double z = (value - mean[c]) / deviation[c];
        p[c] = share[c] / deviation[c] * std::exp(-0.5 * z * z) + 1e-30;
      }
      const double weight = histogram[bin] / (p[0] + p[1] + p[2]);
      for (int c = 0; c < 3; ++c) {
        count[c] += weight * p[c];
        sum[c] += weight * p[c] * value;
        squares[c] += weight * p[c] * (value - mean[c]) * (value - mean[c]);
      }
    }
    for (int c = 0; c < 3; ++c) {
      deviation[c] = std::sqrt(squares[c] / count[c]);
      mean[c] = sum[c] / count[c];
      share[c] = count[c];
    }
  }
  return {mean[0], mean[1], mean[2]};
}

HeadModel load_head(const std::filesystem::path& head_folder, Progress& progress) {
  progress.step("reading the head");
  HeadModel head;
  head.t1 = read_head(head_folder, "ch2.nii.gz");
  Mask stripped(head.t1.grid);
  {
    const Image bet = read_head(head_folder, "ch2bet.nii.gz");
    for (std::size_t v = 0; v < bet.data.size(); ++v) stripped.data[v] = bet.data[v] > 0;
  }
  head.means = fit_tissues(head.t1, stripped);
  progress.check();
  const Mask hull = imaging::fill_holes(closed(stripped, 6));
  progress.check();
  const Mask ventricles = find_ventricles(head.t1, hull, head.means.csf_grey());
  progress.check();
  const Mask brain = find_brain(head.t1, stripped, ventricles, head.means.csf_grey());
  progress.check();
  head.hull = imaging::smooth(as_image(hull), 0.8);
  head.ventricles = imaging::smooth(as_image(ventricles), 0.5);
  head.brain = imaging::smooth(as_image(brain), 1.0);
  progress.finish();
  return head;
}

}  // namespace dawson::synthesis
