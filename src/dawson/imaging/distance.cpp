#include "dawson/imaging/distance.h"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <vector>

namespace dawson::imaging {

namespace {

constexpr float infinity = std::numeric_limits<float>::infinity();

/// Along i, where values are 0 or infinite: two sweeps over each row.
void first_axis(const volume::Mask& mask, std::vector<float>& out) {
  const auto length = static_cast<std::size_t>(mask.grid.size[0]);
  const auto step = static_cast<float>(mask.grid.spacing[0]);
  for (std::size_t row = 0; row < out.size(); row += length) {
    float distance = infinity;
    for (std::size_t i = 0; i < length; ++i) {
      distance = mask.data[row + i] != 0 ? 0 : distance + step;
      out[row + i] = distance;
    }
    distance = infinity;
    for (std::size_t i = length; i-- > 0;) {
      distance = std::min(distance + step, out[row + i]);
      out[row + i] = distance * distance;
    }
  }
}

/// The lower envelope of parabolas with minima `f` at multiples of the spacing.
class Envelope {
 public:
  Envelope(std::size_t length, double spacing)
      : squared_(spacing * spacing), vertex_(length), from_(length + 1) {}

  void transform(float* f, std::size_t length) {
    std::size_t last = 0;  // number of parabolas on the envelope
    for (std::size_t q = 0; q < length; ++q) {
      if (f[q] == infinity) continue;
      double meets = -std::numeric_limits<double>::infinity();
      while (last > 0) {
        meets = intersection(f, vertex_[last - 1], q);
        if (meets > from_[last - 1]) break;
        --last;
      }
      if (last == 0) meets = -std::numeric_limits<double>::infinity();
      vertex_[last] = q;
      from_[last] = meets;
      ++last;
    }
    if (last == 0) return;
    from_[last] = std::numeric_limits<double>::infinity();
    values_.assign(f, f + length);
    std::size_t parabola = 0;
    for (std::size_t q = 0; q < length; ++q) {
      while (from_[parabola + 1] < static_cast<double>(q)) ++parabola;
      const double apart = static_cast<double>(q) - static_cast<double>(vertex_[parabola]);
      f[q] = static_cast<float>(squared_ * apart * apart +
                                static_cast<double>(values_[vertex_[parabola]]));
    }
  }

 private:
  /// Where (in voxels) the parabola of q falls below that of v < q.
  [[nodiscard]] double intersection(const float* f, std::size_t v, std::size_t q) const {
    const auto a = static_cast<double>(v);
    const auto b = static_cast<double>(q);
    const double rise = (static_cast<double>(f[q]) - static_cast<double>(f[v])) / squared_;
    return 0.5 * (rise / (b - a) + a + b);
  }

  double squared_;
  std::vector<std::size_t> vertex_;
  std::vector<double> from_;
  std::vector<float> values_;
};

/// Along j or k. Sixteen neighbouring lines are gathered at a time, a cache line of floats.
void next_axis(float* first, std::size_t width, std::size_t stride, std::size_t length,
               Envelope& envelope, std::vector<float>& lines) {
  constexpr std::size_t together = 16;
  lines.resize(together * length);
  for (std::size_t x = 0; x < width; x += together) {
    const std::size_t count = std::min(together, width - x);
    for (std::size_t r = 0; r < length; ++r) {
      for (std::size_t c = 0; c < count; ++c) lines[c * length + r] = first[r * stride + x + c];
    }
    for (std::size_t c = 0; c < count; ++c) {
      envelope.transform(lines.data() + c * length, length);
    }
    for (std::size_t r = 0; r < length; ++r) {
      for (std::size_t c = 0; c < count; ++c) first[r * stride + x + c] = lines[c * length + r];
    }
  }
}

}  // namespace

volume::Image squared_distance_mm2(const volume::Mask& mask) {
  volume::Image out(mask.grid, infinity);
  if (std::none_of(mask.data.begin(), mask.data.end(), [](auto value) { return value != 0; })) {
    return out;
  }
  const auto nx = static_cast<std::size_t>(mask.grid.size[0]);
  const auto ny = static_cast<std::size_t>(mask.grid.size[1]);
  const auto nz = static_cast<std::size_t>(mask.grid.size[2]);
  std::vector<float> lines;
  first_axis(mask, out.data);
  Envelope along_j(ny, mask.grid.spacing[1]);
  for (std::size_t k = 0; k < nz && ny > 1; ++k) {
    next_axis(out.data.data() + k * nx * ny, nx, nx, ny, along_j, lines);
  }
  Envelope along_k(nz, mask.grid.spacing[2]);
  for (std::size_t j = 0; j < ny && nz > 1; ++j) {
    next_axis(out.data.data() + j * nx, nx, nx * ny, nz, along_k, lines);
  }
  return out;
}

}  // namespace dawson::imaging
