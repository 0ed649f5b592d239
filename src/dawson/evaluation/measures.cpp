#include "dawson/evaluation/measures.h"

#include <cmath>

#include "dawson/core/error.h"
#include "dawson/core/table.h"

namespace dawson::evaluation {
namespace {

std::string extents(const volume::Grid& grid) {
  return std::to_string(grid.size[0]) + "×" + std::to_string(grid.size[1]) + "×" +
         std::to_string(grid.size[2]);
}

void require_same_grid(const volume::Grid& reference, const volume::Grid& other,
                       const std::string& name) {
  if (reference.size != other.size) {
    throw Error(ExitCode::input, name + " has " + extents(other) +
                                     " voxels where the reference has " + extents(reference));
  }
  const double apart = volume::corner_distance_mm(reference, other);
  if (!(apart <= grid_tolerance_mm)) {
    throw Error(ExitCode::input,
                name + " and reference lie " + core::number(apart, 2) + " mm apart at a corner", {},
                "bring both to one grid first");
  }
}

void require_probabilities(const volume::Image& probabilities) {
  for (const float p : probabilities.data) {
    if (!(p >= -1e-4F && p <= 1.0F + 1e-4F)) {
      throw Error(ExitCode::input, "a probability is " + core::number(p) + ", not between 0 and 1");
    }
  }
}

double scan_score_of(const LesionMeasures& m) {
  for (const LesionMatch& lesion : m.lesions) {
    if (!lesion.in_reference) return lesion.mean_probability;  // the first one is the largest
  }
  return 0;
}

}  // namespace

CaseMeasures evaluate_case(const volume::Mask& reference, const volume::Mask& prediction,
                           const volume::Mask* brain, const volume::Image* probabilities,
                           LesionRule rule) {
  require_same_grid(reference.grid, prediction.grid, "the prediction");
  if (brain != nullptr) require_same_grid(reference.grid, brain->grid, "the brain mask");
  CaseMeasures m;
  if (probabilities != nullptr) {
    require_same_grid(reference.grid, probabilities->grid, "the probability map");
    require_probabilities(*probabilities);
    if (brain != nullptr)
      m.probabilities = measure_probabilities(reference, *probabilities, *brain);
  }
  m.voxels = measure_voxels(reference, prediction, brain);
  m.lesions = measure_lesions(reference, prediction, rule, probabilities);
  m.scan_score = scan_score_of(m.lesions);
  m.surface = measure_surfaces(reference, prediction);
  return m;
}

}  // namespace dawson::evaluation
