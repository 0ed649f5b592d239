#include "dawson/synthesis/texture.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <stdexcept>
#include <vector>

namespace dawson::synthesis {

using volume::Grid;
using volume::Image;
using volume::Index3;
using volume::Mask;

namespace {

constexpr double block_mm = 8;
constexpr std::array<double, 4> wanted_shares{0.95, 0.85, 0.7, 0.5};  // of donors in a block
constexpr std::size_t enough_places = 200;
// Of the blocks, by their variance: the others hold vessels, nuclei and the edges of gyri.
constexpr double calm_share = 0.4;

/// Even, so that half a block is a whole number of voxels; one voxel across thick slices.
Index3 block_size(const Grid& grid) {
  Index3 size{};
  for (int a = 0; a < 3; ++a) {
    const int half = static_cast<int>(std::lround(block_mm / grid.spacing[a] / 2));
    size[a] = std::min(half < 1 ? 1 : 2 * half, grid.size[a]);
    if (size[a] > 1 && size[a] % 2 != 0) --size[a];
  }
  return size;
}

/// Sums of values over boxes, from one pass (Crow 1984).
class BoxSums {
 public:
  template <typename ValueOf>
  BoxSums(const Grid& grid, ValueOf value_of)
      : grid_(grid),
        sums_((static_cast<std::size_t>(grid_.size[0]) + 1) *
              (static_cast<std::size_t>(grid_.size[1]) + 1) *
              (static_cast<std::size_t>(grid_.size[2]) + 1)) {
    for (int k = 0; k < grid_.size[2]; ++k) {
      for (int j = 0; j < grid_.size[1]; ++j) {
        double row = 0;
        for (int i = 0; i < grid_.size[0]; ++i) {
          row += value_of(grid_.offset(i, j, k));
          sums_[at(i + 1, j + 1, k + 1)] = row + sums_[at(i + 1, j, k + 1)] +
                                           sums_[at(i + 1, j + 1, k)] - sums_[at(i + 1, j, k)];
        }
      }
    }
  }
  [[nodiscard]] double box(const Index3& low, const Index3& size) const {
    const int i = low[0], j = low[1], k = low[2];
    const int x = i + size[0], y = j + size[1], z = k + size[2];
    return sums_[at(x, y, z)] - sums_[at(i, y, z)] - sums_[at(x, j, z)] - sums_[at(x, y, k)] +
           sums_[at(i, j, z)] + sums_[at(i, y, k)] + sums_[at(x, j, k)] - sums_[at(i, j, k)];
  }

 private:
  [[nodiscard]] std::size_t at(int i, int j, int k) const {
    const auto nx = static_cast<std::size_t>(grid_.size[0]) + 1;
    const auto ny = static_cast<std::size_t>(grid_.size[1]) + 1;
    return static_cast<std::size_t>(i) +
           nx * (static_cast<std::size_t>(j) + ny * static_cast<std::size_t>(k));
  }
  Grid grid_;
  std::vector<double> sums_;
};

/// Where a block can be copied from: its corner, and the mean square of the residual there.
struct Place {
  Index3 corner;
  double mean_square;
};

/// Blocks that are donors almost everywhere (of less where there are too few), the calmest of them.
std::vector<Place> donor_places(const Image& residual, const Mask& donors, const Index3& block) {
  const Grid& grid = donors.grid;
  const BoxSums counts(grid, [&](std::size_t v) { return donors.data[v] != 0 ? 1.0 : 0.0; });
  const BoxSums squares(grid, [&](std::size_t v) {
    const double r = residual.data[v];
    return donors.data[v] != 0 ? r * r : 0.0;
  });
  const double voxels = static_cast<double>(block[0]) * block[1] * block[2];
  std::vector<Place> places;
  for (const double share : wanted_shares) {
    places.clear();
    for (int k = 0; k + block[2] <= grid.size[2]; ++k) {
      for (int j = 0; j + block[1] <= grid.size[1]; ++j) {
        for (int i = 0; i + block[0] <= grid.size[0]; ++i) {
          const double count = counts.box({i, j, k}, block);
          if (count < share * voxels) continue;
          places.push_back({{i, j, k}, squares.box({i, j, k}, block) / count});
        }
      }
    }
    if (places.size() >= enough_places) break;
  }
  const auto calm =
      static_cast<std::size_t>(std::ceil(calm_share * static_cast<double>(places.size())));
  std::sort(places.begin(), places.end(),
            [](const Place& a, const Place& b) { return a.mean_square < b.mean_square; });
  places.resize(std::min(places.size(), calm));
  return places;
}

std::vector<float> window(int length) {
  std::vector<float> w(static_cast<std::size_t>(length), 1.0F);
  for (int n = 0; length > 1 && n < length; ++n) {
    w[static_cast<std::size_t>(n)] =
        static_cast<float>(std::sin(std::numbers::pi * (n + 0.5) / length));
  }
  return w;
}

/// Copies blocks from the donors' places into one image.
class Quilt {
 public:
  Quilt(const Image& residual, const Mask& donors, const Index3& block)
      : residual_(residual), donors_(donors), block_(block), out_(residual.grid) {
    for (int a = 0; a < 3; ++a) window_[a] = window(block[a]);
  }

  void lay(const Index3& from, const Index3& to) {
    const Grid& grid = out_.grid;
    for (int k = 0; k < block_[2]; ++k) {
      for (int j = 0; j < block_[1]; ++j) {
        const float wjk =
            window_[1][static_cast<std::size_t>(j)] * window_[2][static_cast<std::size_t>(k)];
        for (int i = 0; i < block_[0]; ++i) {
          if (!grid.contains(to[0] + i, to[1] + j, to[2] + k)) continue;
          const std::size_t source = grid.offset(from[0] + i, from[1] + j, from[2] + k);
          if (donors_.data[source] == 0) continue;
          out_.data[grid.offset(to[0] + i, to[1] + j, to[2] + k)] +=
              wjk * window_[0][static_cast<std::size_t>(i)] * residual_.data[source];
        }
      }
    }
  }
  Image take() { return std::move(out_); }

 private:
  const Image& residual_;
  const Mask& donors_;
  Index3 block_;
  std::array<std::vector<float>, 3> window_;
  Image out_;
};

bool touches(const Mask& region, const Index3& low, const Index3& size) {
  const Grid& grid = region.grid;
  for (int k = std::max(0, low[2]); k < std::min(grid.size[2], low[2] + size[2]); ++k) {
    for (int j = std::max(0, low[1]); j < std::min(grid.size[1], low[1] + size[1]); ++j) {
      for (int i = std::max(0, low[0]); i < std::min(grid.size[0], low[0] + size[0]); ++i) {
        if (region.data[grid.offset(i, j, k)] != 0) return true;
      }
    }
  }
  return false;
}

/// Standard deviation about 0.
double spread(const Image& image, const Mask& mask) {
  double squares = 0;
  std::size_t count = 0;
  for (std::size_t v = 0; v < mask.data.size(); ++v) {
    if (mask.data[v] == 0) continue;
    squares += static_cast<double>(image.data[v]) * image.data[v];
    ++count;
  }
  return count == 0 ? 0 : std::sqrt(squares / static_cast<double>(count));
}

}  // namespace

Image sample_texture(const Image& residual, const Mask& donors, const Mask& region,
                     core::Random random) {
  Index3 block = block_size(residual.grid);
  std::vector<Place> places = donor_places(residual, donors, block);
  if (places.empty()) {  // no block of donors anywhere: single voxels, without correlation
    block = {1, 1, 1};
    places = donor_places(residual, donors, block);
  }
  if (places.empty()) throw std::invalid_argument("texture needs donors");
  Quilt quilt(residual, donors, block);
  const Index3 step{std::max(1, block[0] / 2), std::max(1, block[1] / 2),
                    std::max(1, block[2] / 2)};
  const Grid& grid = residual.grid;
  for (int k = step[2] - block[2]; k < grid.size[2]; k += step[2]) {
    for (int j = step[1] - block[1]; j < grid.size[1]; j += step[1]) {
      for (int i = step[0] - block[0]; i < grid.size[0]; i += step[0]) {
        if (touches(region, {i, j, k}, block)) {
          quilt.lay(places[random.below(places.size())].corner, {i, j, k});
        }
      }
    }
  }
  Image texture = quilt.take();
  // Voxels of the blocks that are no donors left gaps of zero.
  double square = 0;
  for (const Place& p : places) square += p.mean_square / static_cast<double>(places.size());
  const double reached = spread(texture, region);
  const double gain = reached > 0 ? std::sqrt(square) / reached : 0;
  for (std::size_t v = 0; v < texture.data.size(); ++v) {
    texture.data[v] = region.data[v] != 0 ? static_cast<float>(gain * texture.data[v]) : 0.0F;
  }
  return texture;
}

}  // namespace dawson::synthesis
