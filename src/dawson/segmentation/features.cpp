#include "dawson/segmentation/features.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>

#include "dawson/imaging/morphology.h"
#include "dawson/segmentation/tissue.h"

namespace dawson::segmentation {
namespace {

constexpr float darkest = -8;
constexpr float brightest = 12;
constexpr float fluid = -2.5;
constexpr double farthest_cm = 4;
constexpr double neighbour_mm = 3;

using Voxels = std::vector<std::size_t>;

/// Fills one column with a value of each voxel's offset.
class Columns {
 public:
  Columns(Features& features, const Voxels& voxels) : features_(features), voxels_(voxels) {}
  void add(const std::function<float(std::size_t)>& value) {
    for (std::size_t r = 0; r < voxels_.size(); ++r) {
      features_.values[r * features_.columns + next_] = value(voxels_[r]);
    }
    ++next_;
  }

 private:
  Features& features_;
  const Voxels& voxels_;
  std::size_t next_ = 0;
};

/// Gaussian means over the brain's voxels alone (normalised convolution, Knutsson and Westin 1993).
class BrainMeans {
 public:
  BrainMeans(const volume::Mask& brain, double sigma_mm) : sigma_mm_(sigma_mm), brain_(brain) {
    volume::Image inside(brain.grid);
    for (std::size_t v = 0; v < brain.data.size(); ++v) inside.data[v] = brain.data[v] != 0 ? 1 : 0;
    share_ = imaging::smooth(inside, sigma_mm);
  }
  [[nodiscard]] volume::Image of(volume::Image image) const {
    for (std::size_t v = 0; v < image.data.size(); ++v) {
      if (brain_.data[v] == 0) image.data[v] = 0;
    }
    image = imaging::smooth(image, sigma_mm_);
    for (std::size_t v = 0; v < image.data.size(); ++v) {
      image.data[v] = brain_.data[v] == 0 ? 0 : image.data[v] / std::max(1e-6F, share_.data[v]);
    }
    return image;
  }

 private:
  double sigma_mm_;
  const volume::Mask& brain_;
  volume::Image share_;
};

volume::Image mapped(const volume::Image& image, const std::function<float(float)>& function) {
  volume::Image result(image.grid);
  std::transform(image.data.begin(), image.data.end(), result.data.begin(), function);
  return result;
}

void add_means(const BrainSpace& space, const volume::Image& flair, Columns& columns) {
  for (const double sigma : {1.0, 2.0, 4.0, 8.0}) {
    const volume::Image mean = BrainMeans(space.brain, sigma).of(flair);
    columns.add([&](std::size_t v) { return mean.data[v]; });
  }
  const BrainMeans near(space.brain, 2);
  const volume::Image mean = near.of(flair);
  const volume::Image square = near.of(mapped(flair, [](float x) { return x * x; }));
  columns.add([&](std::size_t v) {
    return std::sqrt(std::max(0.0F, square.data[v] - mean.data[v] * mean.data[v]));
  });
  const volume::Image dark =
      BrainMeans(space.brain, 4).of(mapped(flair, [](float x) { return x < fluid ? 1.0F : 0.0F; }));
  columns.add([&](std::size_t v) { return dark.data[v]; });
}

void add_place(const BrainSpace& space, Columns& columns) {
  columns.add([&](std::size_t v) { return space.frequency.data[v]; });
  volume::Mask outside(space.brain.grid);
  for (std::size_t v = 0; v < outside.data.size(); ++v) outside.data[v] = space.brain.data[v] == 0;
  const volume::Image distance = imaging::distance_to_mm(outside);
  columns.add([&](std::size_t v) {
    return static_cast<float>(std::min(farthest_cm, distance.data[v] / 10.0));
  });
  const volume::Grid& grid = space.brain.grid;
  const auto x = static_cast<std::size_t>(grid.size[0]);
  const auto y = static_cast<std::size_t>(grid.size[1]);
  for (std::size_t axis = 0; axis < 3; ++axis) {
    columns.add([&](std::size_t v) {
      const volume::Vector3 index{static_cast<double>(v % x), static_cast<double>(v / x % y),
                                  static_cast<double>(v / x / y)};
      const double mm = space.to_mni(grid.to_world(index))[axis];
      return static_cast<float>((axis == 0 ? std::abs(mm) : mm) / 100);
    });
  }
}

void add_neighbours(const volume::Image& flair, Columns& columns) {
  const volume::Grid& grid = flair.grid;
  for (int axis = 0; axis < 3; ++axis) {
    const int steps = std::max(1, static_cast<int>(std::lround(neighbour_mm / grid.spacing[axis])));
    for (const int side : {-steps, steps}) {
      columns.add([&](std::size_t v) {
        const auto x = static_cast<std::size_t>(grid.size[0]);
        const auto y = static_cast<std::size_t>(grid.size[1]);
        std::array<int, 3> at{static_cast<int>(v % x), static_cast<int>(v / x % y),
                              static_cast<int>(v / x / y)};
        at[axis] = std::clamp(at[axis] + side, 0, grid.size[axis] - 1);
        return flair.at(at[0], at[1], at[2]);
      });
    }
  }
}

}  // namespace

const std::vector<std::string>& base_features() {
  static const std::vector<std::string> names = {
      "flair",     "flair_1mm", "flair_2mm", "flair_4mm", "flair_8mm", "deviation_2mm",
      "fluid_4mm", "frequency", "surface",   "lateral",   "anterior",  "superior"};
  return names;
}

const std::vector<std::string>& neighbourhood_features() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all = base_features();
    for (const char* axis : {"x", "y", "slice"}) {
      all.push_back(std::string("flair_before_") + axis);
      all.push_back(std::string("flair_after_") + axis);
    }
    return all;
  }();
  return names;
}

volume::Image scaled_intensity(const BrainSpace& space, const std::string& name) {
  std::vector<float> inside;
  for (const std::size_t v : space.voxels()) inside.push_back(space.flair.data[v]);
  const IntensityScale scale = find_scale(inside, name);
  return mapped(space.flair, [&](float value) {
    return std::clamp(static_cast<float>((value - scale.centre) / scale.width), darkest, brightest);
  });
}

Features find_features(const BrainSpace& space, const Voxels& voxels, bool neighbourhood,
                       const std::string& scale) {
  const volume::Image flair = scaled_intensity(space, scale);
  Features features;
  features.columns = (neighbourhood ? neighbourhood_features() : base_features()).size();
  features.values.resize(voxels.size() * features.columns);
  Columns columns(features, voxels);
  columns.add([&](std::size_t v) { return flair.data[v]; });
  add_means(space, flair, columns);
  add_place(space, columns);
  if (neighbourhood) add_neighbours(flair, columns);
  return features;
}

}  // namespace dawson::segmentation
