#include "dawson/imaging/rigid_registration.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <random>
#include <vector>

#include "dawson/core/error.h"

namespace dawson::imaging {

using volume::Grid;
using volume::Image;
using volume::Matrix3;
using volume::Vector3;

namespace {

constexpr int bins = 32;
constexpr double arm_mm = 70;        // a rotation's unit: 1 mm at the brain's surface
constexpr double head_share = 0.15;  // of the 98th percentile: above is head
constexpr std::size_t most_samples = 60000;
constexpr double least_share = 0.1;  // of the samples that must fall inside `moving`
using Pose = std::array<double, 6>;  // three turns (mm at arm_mm), three shifts (mm)

/// The image on its own axes, no finer than `spacing_mm`.
Image coarsened(const Image& image, double spacing_mm) {
  Grid grid = image.grid;
  Vector3 first{0, 0, 0};
  for (int a = 0; a < 3; ++a) {
    const double ratio = std::max(1.0, spacing_mm / grid.spacing[a]);
    const int size = std::max(1, static_cast<int>(std::floor(grid.size[a] / ratio)));
    first[a] = (grid.size[a] - 1 - (size - 1) * ratio) / 2;
    grid.size[a] = size;
    grid.spacing[a] *= ratio;
  }
  grid.origin = image.grid.to_world(first);
  return resample_smooth(image, grid);
}

double percentile(std::vector<float> values, double share) {
  const auto at =
      values.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

/// Value → 0 … bins − 1, of what lies between the 0.5th and the 99.5th percentile.
void to_bins(Image& image) {
  double low = percentile(image.data, 0.005);
  double high = percentile(image.data, 0.995);
  if (!(high > low)) {
    const auto [least, most] = std::minmax_element(image.data.begin(), image.data.end());
    low = *least;
    high = *most;
  }
  if (!(high > low)) throw Error(ExitCode::input, "the image is constant: it shows nothing");
  for (float& v : image.data) {
    v = static_cast<float>(std::clamp((v - low) / (high - low), 0.0, 1.0) * (bins - 1));
  }
}

/// Trilinear value at a continuous index; negative beyond the outermost centres.
float value_at(const Image& image, const Vector3& index) {
  std::array<int, 3> base{};
  std::array<float, 3> part{};
  for (int a = 0; a < 3; ++a) {
    const int last = image.grid.size[a] - 1;
    if (!(index[a] >= 0 && index[a] <= last)) return -1;
    base[a] = std::min(static_cast<int>(index[a]), std::max(0, last - 1));
    part[a] = static_cast<float>(index[a] - base[a]);
  }
  float sum = 0;
  for (int corner = 0; corner < 8; ++corner) {
    float weight = 1;
    std::array<int, 3> at{};
    for (int a = 0; a < 3; ++a) {
      const int up = (corner >> a) & 1;
      at[a] = std::min(base[a] + up, image.grid.size[a] - 1);
      weight *= up == 1 ? part[a] : 1 - part[a];
    }
    if (weight > 0) sum += weight * image.at(at[0], at[1], at[2]);
  }
  return sum;
}

Vector3 centre_of_head(const Image& image) {
  const Image coarse = coarsened(image, 8);
  const double head = head_share * percentile(coarse.data, 0.98);
  Vector3 sum{};
  double count = 0;
  std::size_t at = 0;
  for (int k = 0; k < coarse.grid.size[2]; ++k) {
    for (int j = 0; j < coarse.grid.size[1]; ++j) {
      for (int i = 0; i < coarse.grid.size[0]; ++i) {
        if (!(coarse.data[at++] > head)) continue;
        const Vector3 p = coarse.grid.to_world({double(i), double(j), double(k)});
        for (int a = 0; a < 3; ++a) sum[a] += p[a];
        ++count;
      }
    }
  }
  if (count == 0) throw Error(ExitCode::input, "the image is constant: it shows nothing");
  for (double& v : sum) v /= count;
  return sum;
}

Matrix3 rotation(const Pose& pose) {
  using volume::operator*;
  Matrix3 r{{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};
  for (int axis = 0; axis < 3; ++axis) {
    const double angle = pose[axis] / arm_mm;
    const int a = (axis + 1) % 3;
    const int b = (axis + 2) % 3;
    Matrix3 one{{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};
    one[a][a] = one[b][b] = std::cos(angle);
    one[b][a] = std::sin(angle);
    one[a][b] = -one[b][a];
    r = one * r;
  }
  return r;
}

/// Turn about `centre`, then shift.
Affine affine_of(const Pose& pose, const Vector3& centre) {
  Affine affine;
  affine.matrix = rotation(pose);
  for (int r = 0; r < 3; ++r) {
    affine.offset[r] = centre[r] + pose[3 + r];
    for (int c = 0; c < 3; ++c) affine.offset[r] -= affine.matrix[r][c] * centre[c];
  }
  return affine;
}

/// The two images of one level and the points they are compared at.
class Comparison {
 public:
  Comparison(const Image& fixed, const Image& moving, double spacing_mm)
      : moving_(coarsened(moving, spacing_mm)) {
    Image coarse = coarsened(fixed, spacing_mm);
    fixed_head_ = head_share * percentile(coarse.data, 0.98);
    moving_head_ = head_share * percentile(moving_.data, 0.98);
    const Image values = coarse;
    to_bins(coarse);
    unbinned_ = moving_;
    to_bins(moving_);
    sample(coarse, values);
  }

  /// Normalised mutual information, or 0 where too little of `fixed` falls inside `moving`.
  [[nodiscard]] double metric(const Affine& to_moving) const {
    std::array<double, std::size_t{bins} * bins> joint{};
    double total = 0;
    for (const Sample& s : samples_) {
      const float m = value_at(moving_, moving_.grid.to_index(to_moving(s.world)));
      if (m < 0) continue;
      const int a = std::min(static_cast<int>(s.value), bins - 2);
      const int b = std::min(static_cast<int>(m), bins - 2);
      const double u = s.value - static_cast<float>(a);
      const double v = m - static_cast<float>(b);
      double* cell = &joint[static_cast<std::size_t>(a * bins + b)];
      cell[0] += (1 - u) * (1 - v);
      cell[1] += (1 - u) * v;
      cell[bins] += u * (1 - v);
      cell[bins + 1] += u * v;
      ++total;
    }
    if (total < least_share * static_cast<double>(samples_.size())) return 0;
    return normalised(joint, total);
  }

  [[nodiscard]] double overlap(const Affine& to_moving) const {
    double head = 0;
    double both = 0;
    for (const Sample& s : samples_) {
      if (!s.head) continue;
      ++head;
      const Vector3 index = unbinned_.grid.to_index(to_moving(s.world));
      if (value_at(unbinned_, index) > moving_head_) ++both;
    }
    return head == 0 ? 0 : both / head;
  }

 private:
  struct Sample {
    Vector3 world{};
    float value = 0;
    bool head = false;
  };

  /// One point a voxel, off its centre by chance: points on both lattices at once would give the
  /// metric false peaks (Pluim et al. 2000).
  void sample(const Image& binned, const Image& values) {
    const Grid& g = binned.grid;
    const std::size_t stride = 1 + g.voxels() / most_samples;
    std::minstd_rand chance(10);
    const auto off = [&] { return static_cast<double>(chance()) / 2147483647.0 - 0.5; };
    for (std::size_t n = 0; n < g.voxels(); n += stride) {
      const auto x = static_cast<std::size_t>(g.size[0]);
      const auto y = static_cast<std::size_t>(g.size[1]);
      const double i = static_cast<double>(n % x) + off();
      const double j = static_cast<double>(n / x % y) + off();
      const double k = static_cast<double>(n / x / y) + off();
      const float value = value_at(binned, {i, j, k});
      if (value < 0) continue;
      const bool head = value_at(values, {i, j, k}) > fixed_head_;
      samples_.push_back({g.to_world({i, j, k}), value, head});
    }
  }

  static double normalised(const std::array<double, std::size_t{bins} * bins>& joint,
                           double total) {
    std::array<double, bins> rows{};
    std::array<double, bins> columns{};
    const auto entropy_of = [&](double count) {
      const double p = count / total;
      return p > 0 ? -p * std::log(p) : 0.0;
    };
    double both = 0;
    for (std::size_t a = 0; a < bins; ++a) {
      for (std::size_t b = 0; b < bins; ++b) {
        const double count = joint[a * bins + b];
        rows[a] += count;
        columns[b] += count;
        both += entropy_of(count);
      }
    }
    double apart = 0;
    for (std::size_t a = 0; a < bins; ++a) apart += entropy_of(rows[a]) + entropy_of(columns[a]);
    return both > 0 ? apart / both : 0;
  }

  Image moving_;
  Image unbinned_;
  std::vector<Sample> samples_;
  double fixed_head_ = 0;
  double moving_head_ = 0;
};

/// Climbs along each parameter by a parabola through three points, then along the whole step;
/// halves the steps when nothing is gained.
void climb(const Comparison& comparison, const Vector3& centre, double step, double finest,
           Pose& pose, Progress& progress) {
  const auto metric = [&](const Pose& p) { return comparison.metric(affine_of(p, centre)); };
  double best = metric(pose);
  const auto take = [&](const Pose& p) {
    const double there = metric(p);
    if (there > best) {
      best = there;
      pose = p;
    }
    return there;
  };
  while (step >= finest) {
    progress.check();
    const Pose before = pose;
    const double value_before = best;
    for (std::size_t n = 0; n < pose.size(); ++n) {
      const Pose here = pose;
      const double middle = best;
      Pose p = here;
      p[n] = here[n] - step;
      const double low = take(p);
      p[n] = here[n] + step;
      const double high = take(p);
      const double bend = low - 2 * middle + high;
      if (!(bend < 0)) continue;
      p[n] = here[n] + std::clamp(0.5 * (low - high) / bend, -2.0, 2.0) * step;
      take(p);
    }
    Pose further = pose;
    for (std::size_t n = 0; n < pose.size(); ++n) further[n] += pose[n] - before[n];
    if (further != pose) take(further);
    if (best - value_before < 1e-5) step /= 2;
  }
}

}  // namespace

RigidAlignment register_rigid(const Image& fixed, const Image& moving, Progress& progress) {
  const Vector3 centre = centre_of_head(fixed);
  const Vector3 there = centre_of_head(moving);
  Pose pose{};
  Pose by_mass{};
  for (std::size_t a = 0; a < 3; ++a) by_mass[3 + a] = there[a] - centre[a];

  const Comparison coarse(fixed, moving, 8);
  climb(coarse, centre, 8, 1, pose, progress);
  climb(coarse, centre, 8, 1, by_mass, progress);
  const double from_geometry = coarse.metric(affine_of(pose, centre));
  const double from_mass = coarse.metric(affine_of(by_mass, centre));
  if (from_mass > from_geometry) pose = by_mass;
  if (std::max(from_mass, from_geometry) == 0) {
    throw Error(ExitCode::input, "does not lie on the FLAIR anywhere");
  }
  climb(Comparison(fixed, moving, 4), centre, 2, 0.25, pose, progress);
  const Comparison fine(fixed, moving, 3);
  climb(fine, centre, 1, 0.03, pose, progress);

  RigidAlignment found;
  found.fixed_to_moving = affine_of(pose, centre);
  found.metric_before = fine.metric({});
  found.metric_after = fine.metric(found.fixed_to_moving);
  found.overlap = fine.overlap(found.fixed_to_moving);
  const Matrix3& r = found.fixed_to_moving.matrix;
  const double cosine = std::clamp((r[0][0] + r[1][1] + r[2][2] - 1) / 2, -1.0, 1.0);
  found.turn_degrees = std::acos(cosine) * 57.29577951308232;
  return found;
}

void require_plausible(const RigidAlignment& alignment) {
  constexpr double least_overlap = 0.5;
  constexpr double most_degrees = 45;
  if (alignment.overlap < least_overlap) {
    throw Error(ExitCode::input, "cannot be brought to the FLAIR: the heads hardly overlap");
  }
  if (alignment.metric_after < alignment.metric_before) {
    throw Error(ExitCode::input, "cannot be brought to the FLAIR: no position fits better");
  }
  if (alignment.turn_degrees > most_degrees) {
    throw Error(ExitCode::input, "cannot be brought to the FLAIR: it would have to turn too far");
  }
}

}  // namespace dawson::imaging
