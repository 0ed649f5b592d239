// The same scan, or the same head, under two names.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "dawson/volume/volume.h"

namespace dawson::quality {

/// What is kept of a scan to know it again: its brain's intensities by rank, and the brain on a
/// coarse lattice around its centre.
struct Fingerprint {
  std::vector<float> quantiles;  ///< of the brain, in robust deviations from its median
  std::vector<float> lattice;    ///< means of cubes, R, A, S fastest first; NaN outside the brain
};

/// Throws Error{input} for an empty mask or a constant brain.
Fingerprint fingerprint_of(const volume::Image& scan, const volume::Mask& brain);

/// Two scans of one head.
struct Likeness {
  double correlation = 0;  ///< of the lattices where they fit best
  bool same_scan = false;  ///< the same acquisition, not only the same head at another time
  std::string how;         ///< "as it is", "flipped left to right", …
};

/// Whether two scans show one head. Rescaled in intensity, flipped along any axis, moved, cropped a
/// little, noisy or resampled it stays the same scan. None where they are of two people, or the
/// intensities too unlike to say.
std::optional<Likeness> likeness(const Fingerprint& a, const Fingerprint& b);

}  // namespace dawson::quality
