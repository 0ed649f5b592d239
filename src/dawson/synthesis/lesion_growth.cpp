#include "dawson/synthesis/lesion_growth.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <queue>
#include <utility>

#include "dawson/imaging/morphology.h"

namespace dawson::synthesis {

using volume::Grid;
using volume::Image;
using volume::Mask;
using volume::Vector3;

namespace {

// Shares of sites after the counts that MAGNIMS reports describe: most at the ventricles.
constexpr std::array<double, 4> site_share{0.52, 0.26, 0.14, 0.08};
constexpr std::array<double, 4> site_size{1.0, 0.7, 0.45, 0.4};
constexpr double size_spread = 1.0;  // standard deviation of the logarithm of volumes
constexpr double bands = 0.35;       // of periventricular lesions lie along the wall, not across
constexpr double smallest_mm3 = 10;
constexpr double soft_edge_mm = 0.6;      // half the width of a lesion's edge
constexpr double unevenness = 0.30;       // of the distance from the middle
constexpr double thin_white_cost_mm = 2;  // lesions prefer pure white matter

/// Thalamus and basal ganglia: in T1 their brightness is near white matter's.
bool in_deep_grey(const Vector3& mni) {
  return std::abs(mni[0]) < 34 && mni[1] > -32 && mni[1] < 21 && mni[2] > -12 && mni[2] < 15;
}

/// Pons, medulla, cerebellar peduncles and the white matter of the cerebellum.
bool in_infratentorial(const Vector3& mni) {
  const double side = std::abs(mni[0]);
  const bool pons = side < 14 && mni[1] > -40 && mni[1] < -14 && mni[2] > -52 && mni[2] < -20;
  const bool cerebellum =
      side < 34 && mni[1] > -75 && mni[1] <= -40 && mni[2] > -52 && mni[2] < -26;
  return pons || cerebellum;
}

/// Between the ventricles, where lesions are rarer than at the ventricles' outer corners.
bool in_corpus_callosum(const Vector3& mni) {
  return std::abs(mni[0]) < 9;
}

/// The lower temporal lobe, the orbits' neighbourhood and the neck: rarely affected.
bool is_unusual(const Vector3& mni) {
  return mni[2] < -14;
}

Vector3 world_of(const Grid& grid, std::size_t voxel) {
  const auto nx = static_cast<std::size_t>(grid.size[0]);
  const auto ny = static_cast<std::size_t>(grid.size[1]);
  return {grid.origin[0] + grid.spacing[0] * static_cast<double>(voxel % nx),
          grid.origin[1] + grid.spacing[1] * static_cast<double>(voxel / nx % ny),
          grid.origin[2] + grid.spacing[2] * static_cast<double>(voxel / nx / ny)};
}

Image white_share(const Anatomy& anatomy, const TissueMeans& means, const Warp& warp) {
  // Half a millimetre of smoothing takes the scanner's grain out of the decision.
  Image white = imaging::smooth(anatomy.t1, 0.5);
  const double width = (means.white - means.grey) / 8;
  for (std::size_t v = 0; v < white.data.size(); ++v) {
    if (anatomy.brain.data[v] < 0.5F || anatomy.ventricles.data[v] > 0.3F ||
        in_deep_grey(warp.to_model(world_of(white.grid, v)))) {
      white.data[v] = 0;
      continue;
    }
    const double z = (white.data[v] - means.grey_white()) / width;
    white.data[v] = static_cast<float>(1 / (1 + std::exp(-z)));
  }
  return white;
}

/// Distance to grey matter that is not at a ventricle: in white matter, to the cortex.
Image cortex_distance(const Anatomy& anatomy, const Image& white, const Image& ventricle_mm) {
  Mask cortex(white.grid);
  for (std::size_t v = 0; v < white.data.size(); ++v) {
    cortex.data[v] =
        anatomy.hull.data[v] > 0.5F && white.data[v] < 0.4F && ventricle_mm.data[v] > 6;
  }
  return imaging::distance_to_mm(cortex);
}

Vector3 unit(Vector3 v) {
  const double length = std::hypot(v[0], v[1], v[2]);
  if (length < 1e-9) return {0, 0, 1};
  for (double& c : v) c /= length;
  return v;
}

Vector3 cross(const Vector3& a, const Vector3& b) {
  return {a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]};
}

/// Away from the ventricle, over 4 mm so that its corners do not matter.
Vector3 outward(const Image& distance, std::size_t voxel) {
  const Vector3 w = world_of(distance.grid, voxel);
  Vector3 direction{};
  for (int a = 0; a < 3; ++a) {
    Vector3 index{};
    for (int b = 0; b < 3; ++b) {
      index[b] = (w[b] - distance.grid.origin[b]) / distance.grid.spacing[b];
    }
    index[a] += 2;
    direction[a] = value_at(distance, index);
    index[a] -= 4;
    direction[a] -= value_at(distance, index);
  }
  return unit(direction);
}

LesionSite draw_site(const LesionGround& ground, core::Random& random) {
  double u = random.uniform();
  for (std::size_t s = 0; s < site_share.size(); ++s) {
    u -= site_share[s];
    if (u < 0 && !ground.seeds[s].empty()) return static_cast<LesionSite>(s);
  }
  return LesionSite::periventricular;
}

/// Grows one lesion after the other into shared fields.
class Grower {
 public:
  Grower(const LesionGround& ground, const core::Random& random)
      : ground_(ground),
        unevenness_(ground.white.grid, 2.0, random.stream("unevenness")),
        reached_by_(ground.white.data.size(), 0) {
    field_.share = Image(ground.white.grid);
    field_.brightness = Image(ground.white.grid);
  }

  void grow(const LesionPlan& plan, double volume_mm3) {
    ++lesion_;
    front_ = {};
    middle_ = world_of(ground_.white.grid, plan.seed);
    reach(plan, plan.seed);
    std::vector<std::pair<double, std::size_t>> taken;  // level at which a voxel was reached
    double level = 0;
    double cut = 0;
    bool full = false;
    while (!front_.empty()) {
      const auto [cost, voxel] = front_.top();
      front_.pop();
      level = std::max(level, cost);
      if (full && level > cut + soft_edge_mm) break;
      taken.emplace_back(level, voxel);
      if (!full &&
          static_cast<double>(taken.size()) * ground_.white.grid.voxel_volume_mm3() >= volume_mm3) {
        full = true;
        cut = level;
        level += 1e-3;  // pockets that open later are edge, or the lesion would grow too large
      }
      reach_neighbours(plan, voxel);
    }
    if (!full) cut = level;
    for (const auto& [at, voxel] : taken) paint(plan, voxel, 0.5 + (cut - at) / (2 * soft_edge_mm));
  }

  LesionField take() { return std::move(field_); }

 private:
  void paint(const LesionPlan& plan, std::size_t voxel, double share) {
    const auto value = static_cast<float>(std::clamp(share, 0.0, 1.0));
    if (value <= field_.share.data[voxel]) return;
    field_.share.data[voxel] = value;
    field_.brightness.data[voxel] = static_cast<float>(plan.brightness);
  }

  void reach(const LesionPlan& plan, std::size_t voxel) {
    if (reached_by_[voxel] == lesion_) return;
    reached_by_[voxel] = lesion_;
    const float white = ground_.white.data[voxel];
    if (white <= 0.5F || field_.share.data[voxel] >= 0.5F) return;
    const Vector3 w = world_of(ground_.white.grid, voxel);
    const Vector3 d{w[0] - middle_[0], w[1] - middle_[1], w[2] - middle_[2]};
    const double along = d[0] * plan.axis[0] + d[1] * plan.axis[1] + d[2] * plan.axis[2];
    const double across2 = std::max(d[0] * d[0] + d[1] * d[1] + d[2] * d[2] - along * along, 0.0);
    // Axes scaled so that the ellipsoid keeps a sphere's volume at the same cost.
    const double long_scale = std::pow(plan.elongation, 2.0 / 3.0);
    const double short_scale = std::pow(plan.elongation, -1.0 / 3.0);
    const double radius = std::sqrt(along * along / (long_scale * long_scale) +
                                    across2 / (short_scale * short_scale));
    const double uneven = std::max(0.3, 1 + unevenness * unevenness_.at(w));
    front_.emplace(radius * uneven + thin_white_cost_mm * (1 - white), voxel);
  }

  void reach_neighbours(const LesionPlan& plan, std::size_t voxel) {
    const Grid& grid = ground_.white.grid;
    const auto row = static_cast<std::size_t>(grid.size[0]);
    const std::size_t slice = row * static_cast<std::size_t>(grid.size[1]);
    for (const std::size_t step : {std::size_t{1}, row, slice}) {
      // White matter never touches the border, so neighbours exist; the check keeps it true.
      if (voxel >= step) reach(plan, voxel - step);
      if (voxel + step < ground_.white.data.size()) reach(plan, voxel + step);
    }
  }

  using Entry = std::pair<double, std::size_t>;
  const LesionGround& ground_;
  SmoothNoise unevenness_;
  std::vector<std::int32_t> reached_by_;
  std::priority_queue<Entry, std::vector<Entry>, std::greater<>> front_;
  LesionField field_;
  Vector3 middle_{};
  std::int32_t lesion_ = 0;
};

}  // namespace

LesionGround lesion_ground(const Anatomy& anatomy, const TissueMeans& means, const Warp& warp,
                           Image ventricle_mm, Progress& progress) {
  LesionGround ground;
  ground.white = white_share(anatomy, means, warp);
  progress.check();
  ground.ventricle_mm = std::move(ventricle_mm);
  const Image cortex_mm = cortex_distance(anatomy, ground.white, ground.ventricle_mm);
  ground.seeds.resize(site_share.size());
  const auto seeds = [&](LesionSite site) -> std::vector<std::size_t>& {
    return ground.seeds[static_cast<std::size_t>(site)];
  };
  for (std::size_t v = 0; v < ground.white.data.size(); ++v) {
    if (ground.white.data[v] < 0.7F) continue;
    const float ventricle = ground.ventricle_mm.data[v];
    const float cortex = cortex_mm.data[v];
    const Vector3 mni = warp.to_model(world_of(ground.white.grid, v));
    if (in_infratentorial(mni)) {
      seeds(LesionSite::infratentorial).push_back(v);
    } else if (is_unusual(mni)) {
      continue;
    } else if (ventricle > 1 && ventricle < 5) {
      // Every third voxel keeps the draw among them uniform and the callosum in its place.
      if (in_corpus_callosum(mni) && v % 3 != 0) continue;
      seeds(LesionSite::periventricular).push_back(v);
    } else if (ventricle > 8 && cortex > 4) {
      seeds(LesionSite::deep_white).push_back(v);
    } else if (ventricle > 10 && cortex < 2) {
      seeds(LesionSite::juxtacortical).push_back(v);
    }
  }
  return ground;
}

std::vector<LesionPlan> plan_lesions(const LesionGround& ground, int count,
                                     const core::Random& random) {
  std::vector<LesionPlan> plans;
  double total = 0;
  for (int n = 0; n < count; ++n) {
    core::Random draw = random.stream("lesion", static_cast<std::uint64_t>(n));
    LesionPlan plan;
    plan.site = draw_site(ground, draw);
    const auto& seeds = ground.seeds[static_cast<std::size_t>(plan.site)];
    if (seeds.empty()) break;
    plan.seed = seeds[draw.below(seeds.size())];
    plan.share = site_size[static_cast<std::size_t>(plan.site)] *
                 std::exp(size_spread * std::clamp(draw.normal(), -2.0, 2.0));
    if (plan.site == LesionSite::periventricular) {
      plan.axis = outward(ground.ventricle_mm, plan.seed);
      plan.elongation = draw.uniform(1.4, 2.6);
      if (draw.chance(bands)) {
        plan.axis = unit(cross(plan.axis, {draw.normal(), draw.normal(), draw.normal()}));
        plan.elongation = draw.uniform(2, 4);
      }
    } else {
      plan.axis = unit({draw.normal(), draw.normal(), draw.normal()});
      plan.elongation = draw.uniform(1, 1.6);
    }
    plan.brightness = std::pow(draw.uniform(), 1.5);  // few are the brightest
    total += plan.share;
    plans.push_back(plan);
  }
  for (LesionPlan& plan : plans) plan.share /= total;
  return plans;
}

LesionField grow_lesions(const LesionGround& ground, const std::vector<LesionPlan>& plans,
                         double total_mm3, const core::Random& random) {
  Grower grower(ground, random);
  // A small load of many lesions is made of lesions of the smallest size.
  for (const LesionPlan& plan : plans) {
    const double fair = total_mm3 / static_cast<double>(plans.size());
    grower.grow(plan, std::max(plan.share * total_mm3, std::min(smallest_mm3, fair)));
  }
  return grower.take();
}

}  // namespace dawson::synthesis
