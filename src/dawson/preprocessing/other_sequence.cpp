#include "dawson/preprocessing/other_sequence.h"

#include <algorithm>
#include <cmath>

#include "dawson/core/error.h"
#include "dawson/imaging/bias_field.h"
#include "dawson/imaging/edge_likeness.h"
#include "dawson/imaging/morphology.h"
#include "dawson/imaging/resample.h"
#include "dawson/imaging/rigid_registration.h"

namespace dawson::preprocessing {
namespace {

// Two scans on one grid were brought together by whoever made them. Less than the registration is
// off by (docs/sequences.md) is no reason to move one of them.
constexpr double same_place_mm = 0.5;

/// The mean distance that the voxels of a mask are moved by.
double mean_shift_mm(const imaging::Affine& affine, const volume::Mask& mask) {
  double sum = 0;
  double count = 0;
  const volume::Index3& n = mask.grid.size;
  std::size_t at = 0;
  for (int k = 0; k < n[2]; ++k) {
    for (int j = 0; j < n[1]; ++j) {
      for (int i = 0; i < n[0]; ++i) {
        if (mask.data[at++] == 0) continue;
        const volume::Vector3 x = mask.grid.to_world({double(i), double(j), double(k)});
        const volume::Vector3 y = affine(x);
        sum += std::hypot(y[0] - x[0], y[1] - x[1], y[2] - x[2]);
        ++count;
      }
    }
  }
  return count > 0 ? sum / count : 0;
}

/// World of the FLAIR → world of the scan. Throws Error{input} when they cannot be brought
/// together.
imaging::Affine place(const volume::Image& scan, const volume::Image& flair,
                      const volume::Mask& brain, Progress& progress) {
  const imaging::RigidAlignment found = imaging::register_rigid(flair, scan, progress);
  imaging::require_plausible(found);
  if (imaging::edge_likeness(flair, scan, found.fixed_to_moving, brain) < imaging::least_likeness) {
    throw Error(
        ExitCode::input,
        "its edges are not those of the FLAIR: it may be of another person, or too blurred");
  }
  const bool together = volume::same_grid(flair.grid, scan.grid) &&
                        mean_shift_mm(found.fixed_to_moving, brain) <= same_place_mm;
  return together ? imaging::Affine() : found.fixed_to_moving;
}

}  // namespace

void divide(volume::Image& image, const volume::Image& field) {
  for (std::size_t i = 0; i < image.data.size(); ++i) image.data[i] /= field.data[i];
}

void standardise(volume::Image& image, const volume::Mask& brain, const volume::Mask& kept) {
  using anatomy::highest_intensity;
  using anatomy::lowest_intensity;
  const anatomy::RobustScale scale = anatomy::robust_scale(image, brain);
  for (std::size_t i = 0; i < image.data.size(); ++i) {
    const double v = (image.data[i] - scale.median) / scale.deviation;
    image.data[i] = static_cast<float>(
        kept.data[i] != 0 ? std::clamp(v, lowest_intensity, highest_intensity) : lowest_intensity);
  }
}

std::optional<volume::Image> bring_to_flair(const std::string& sequence, const volume::Image& scan,
                                            const volume::Image& flair, const volume::Mask& brain,
                                            const volume::Grid& slices,
                                            const RecipeSettings& settings, Progress& progress) {
  progress.step("bringing " + sequence + " to the FLAIR");
  try {
    const imaging::Affine to_scan = place(scan, flair, brain, progress);
    const volume::Image cover = imaging::resample_coverage(brain, scan.grid, to_scan.inverse());
    volume::Mask own_brain(scan.grid);
    for (std::size_t i = 0; i < cover.data.size(); ++i) {
      own_brain.data[i] = cover.data[i] >= 0.5F ? 1 : 0;
    }
    volume::Image corrected = scan;
    if (settings.remove_bias) {
      divide(corrected, imaging::bias_field(scan, own_brain, {}, progress));
    }
    standardise(corrected, own_brain, imaging::dilate_mm(own_brain, settings.brain_margin_mm));
    return imaging::resample_smooth(corrected, slices,
                                    static_cast<float>(anatomy::lowest_intensity), to_scan);
  } catch (const Error& e) {
    if (e.code() != ExitCode::input) throw;
    progress.warn("the " + sequence + " is left out: " + e.fact());
    return std::nullopt;
  }
}

}  // namespace dawson::preprocessing
