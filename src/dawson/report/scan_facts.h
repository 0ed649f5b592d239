// What can be said of a scan's fitness from its geometry and its brain alone. Private to this room.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "dawson/volume/volume.h"

namespace dawson::report {

/// The core protocol of MAGNIMS, CMSC and NAIMS (Wattjes et al. 2021): FLAIR in 3D of 1 mm;
/// acceptable in 2D: slices of at most 3 mm, at most 1 mm in the plane. A twentieth is allowed for
/// rounding. The distance of slices holds thickness and gap.
enum class Protocol { core_3d, acceptable_2d, coarser };

struct ScanFacts {
  double slice_mm = 0;                    ///< the coarsest spacing
  std::array<double, 2> in_plane_mm{};    ///< the others
  Protocol protocol = Protocol::coarser;  ///< by the slices
  bool coarse_in_plane = false;           ///< the finer axes are coarser than the protocol asks
  volume::Vector3 field_of_view_mm{};     ///< along the array's axes
  /// Directions ("R", "L", "A", "P", "S", "I") of the edges at which at least 3 cm² of brain lies.
  std::string edges_reached;
};

/// `brain` may be empty: then no edge is reached.
ScanFacts scan_facts(const volume::Grid& grid, const volume::Mask& brain);

}  // namespace dawson::report
