#include "dawson/synthesis/phantom.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <optional>

#include "dawson/core/error.h"
#include "dawson/core/random.h"
#include "dawson/core/table.h"
#include "dawson/imaging/morphology.h"
#include "dawson/synthesis/acquisition.h"
#include "dawson/synthesis/contrast.h"
#include "dawson/synthesis/head_model.h"
#include "dawson/synthesis/lesion_growth.h"
#include "dawson/synthesis/painting.h"
#include "dawson/synthesis/warp.h"

namespace dawson::synthesis {

using volume::Grid;
using volume::Image;
using volume::Mask;

namespace {

constexpr double white_matter_units = 300;  // brightness of white matter in the written scan
constexpr double load_tolerance = 0.04;     // what growing again may still improve
constexpr double load_promise = 0.15;       // beyond this the reader is told

void require(bool holds, const char* what, const char* where) {
  if (!holds) throw Error(ExitCode::usage, what, where);
}

void check_settings(const PhantomSettings& s) {
  require(s.lesion_load_ml >= 0 && s.lesion_load_ml <= 200, "must be 0 to 200 ml", "lesion load");
  require(s.lesions >= 0 && s.lesions <= 500, "must be 0 to 500", "number of lesions");
  require(s.spacing_mm >= 0.4 && s.spacing_mm <= 4, "must be 0.4 to 4 mm", "spacing");
  require(s.slice_mm >= 0.4 && s.slice_mm <= 12, "must be 0.4 to 12 mm", "slice thickness");
  require(s.noise_percent >= 0 && s.noise_percent <= 50, "must be 0 to 50 %", "noise");
  require(s.bias_percent >= 0 && s.bias_percent <= 150, "must be 0 to 150 %", "bias field");
  require(s.warp_mm >= 0 && s.warp_mm <= 12, "must be 0 to 12 mm", "warp");
}

Mask at_least_half(const Image& share) {
  Mask mask(share.grid);
  for (std::size_t v = 0; v < mask.data.size(); ++v) mask.data[v] = share.data[v] >= 0.5F;
  return mask;
}

double volume_ml(const Mask& mask) {
  const auto count = std::count(mask.data.begin(), mask.data.end(), std::uint8_t{1});
  return static_cast<double>(count) * mask.grid.voxel_volume_mm3() / 1000;
}

struct Lesions {
  LesionField field;
  Mask truth;
};

/// Grows the planned lesions until the truth on the scan's grid has the load that is asked for.
/// On thick slices small lesions fall below half a voxel, so the first try can be far off.
Lesions grow_to_load(const LesionGround& ground, double load_ml, int count, const Grid& scan,
                     const core::Random& random, Progress& progress) {
  const auto plans = plan_lesions(ground, count, random.stream("plan"));
  Lesions best;
  double best_miss = 1e9;
  double aim_ml = load_ml;
  for (int attempt = 0; attempt < 6 && best_miss > load_tolerance; ++attempt) {
    progress.check();
    Lesions lesions;
    lesions.field = grow_lesions(ground, plans, aim_ml * 1000, random.stream("growth"));
    lesions.truth = at_least_half(over_slices(lesions.field.share, scan));
    const double reached_ml = volume_ml(lesions.truth);
    const double miss = std::abs(reached_ml - load_ml) / load_ml;
    if (miss < best_miss) {
      best_miss = miss;
      best = std::move(lesions);
    }
    aim_ml *= std::clamp(load_ml / std::max(reached_ml, 1e-3), 0.5, 2.5);
  }
  if (best_miss > load_promise) {
    progress.warn("the lesion load is " + core::number(volume_ml(best.truth), 2) + " ml where " +
                  core::number(load_ml, 2) + " ml were asked for");
  }
  return best;
}

}  // namespace

Phantom make_phantom(const PhantomSettings& settings, const HeadModel& head, Progress& progress) {
  check_settings(settings);
  const core::Random random(settings.seed);
  const Contrast contrast = settings.random_contrast ? wide_contrast(random.stream("contrast"))
                                                     : flair_contrast(random.stream("contrast"));
  progress.step("shaping the head");
  const Warp warp(head, settings.warp_mm, random.stream("warp"));
  const Anatomy anatomy = warp.apply(head, progress);
  const Grid scan = scan_grid(anatomy.t1.grid, settings);
  Image ventricle_mm = imaging::distance_to_mm(at_least_half(anatomy.ventricles));

  progress.step("painting tissues");
  Image painted = paint_head(anatomy, head.means, warp, ventricle_mm, contrast,
                             random.stream("head"), progress);
  Phantom phantom;
  phantom.lesions = Mask(scan);
  if (settings.lesion_load_ml > 0 && settings.lesions > 0) {
    progress.step("growing lesions");
    const LesionGround ground =
        lesion_ground(anatomy, head.means, warp, std::move(ventricle_mm), progress);
    Lesions lesions = grow_to_load(ground, settings.lesion_load_ml, settings.lesions, scan,
                                   random.stream("lesions"), progress);
    paint_lesions(painted, lesions.field, ground, contrast, random.stream("lesions"));
    phantom.lesions = std::move(lesions.truth);
  }

  progress.step("scanning");
  phantom.brain = at_least_half(over_slices(anatomy.brain, scan));
  const double blur_mm = contrast.blur_mm * std::max(1.0, settings.spacing_mm);
  phantom.flair = over_slices(imaging::smooth(painted, blur_mm), scan);
  progress.check();
  for (float& v : phantom.flair.data) v *= static_cast<float>(white_matter_units);
  add_bias(phantom.flair, phantom.brain, settings.bias_percent, random.stream("bias"));
  add_rician_noise(phantom.flair, settings.noise_percent / 100 * white_matter_units,
                   random.stream("noise"));
  if (!settings.skull) {
    for (std::size_t v = 0; v < phantom.flair.data.size(); ++v) {
      if (phantom.brain.data[v] == 0) phantom.flair.data[v] = 0;
    }
  }
  progress.finish();
  return phantom;
}

Phantom make_phantom(const PhantomSettings& settings, const std::filesystem::path& head_folder,
                     Progress& progress) {
  check_settings(settings);
  return make_phantom(settings, load_head(head_folder, progress), progress);
}

std::filesystem::path default_head_folder() {
  const char* named = std::getenv("DAWSON_HEAD");
  return named != nullptr && *named != '\0' ? named : "/usr/share/mricron/templates";
}

}  // namespace dawson::synthesis
