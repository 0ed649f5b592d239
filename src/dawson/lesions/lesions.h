// What one lesion is: a 26-connected component of at least 3 mm³. One rule for every command.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace dawson::lesions {

/// A plain array's extents, i fastest, with the voxel's edges in mm.
struct Lattice {
  std::array<int, 3> size{};
  std::array<double, 3> spacing_mm{1, 1, 1};
  [[nodiscard]] std::size_t voxels() const noexcept;
  [[nodiscard]] double voxel_volume_mm3() const noexcept;
};

enum class Connectivity { faces = 6, edges = 18, corners = 26 };

/// A connected component. `label` is its value in Components::labels.
struct Component {
  std::int32_t label = 0;        ///< 1, 2, … by size, ties by first voxel
  std::size_t voxels = 0;
  double volume_mm3 = 0;
  std::size_t first_voxel = 0;   ///< offset of its first voxel in the array
  std::array<int, 3> low{};      ///< bounding box, both ends included
  std::array<int, 3> high{};
  std::array<double, 3> centroid{};  ///< mean voxel index
};

struct Components {
  std::vector<std::int32_t> labels;    ///< 0 outside
  std::vector<Component> components;   ///< components[label - 1]; largest first
};

/// Volumes below this do not count as lesions (tolerance 1e-3, for float noise in spacings).
inline constexpr double min_lesion_volume_mm3 = 3.0;
inline constexpr double volume_tolerance_mm3 = 1e-3;
/// A sphere of 3 mm diameter, the size the consensus guidelines count from.
inline constexpr double volume_of_3mm_sphere_mm3 = 14.137166941154069;

/// Components of `mask` (≠ 0). Throws std::invalid_argument when the sizes disagree.
Components find_components(const std::vector<std::uint8_t>& mask, const Lattice& lattice,
                           Connectivity connectivity = Connectivity::corners);

/// The components that count as lesions under the rule above. They come first in `components`.
std::size_t count_lesions(const Components& components,
                          double min_volume_mm3 = min_lesion_volume_mm3);

/// The mask without components smaller than `min_volume_mm3` (a bundle's own larger minimum).
std::vector<std::uint8_t> without_small(const std::vector<std::uint8_t>& mask, const Lattice& lattice,
                                        double min_volume_mm3);

}  // namespace dawson::lesions
