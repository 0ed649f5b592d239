// The histogram step of N3 and N4. Private to this room.
#pragma once

#include <vector>

namespace dawson::imaging {

/// The expected unblurred value of each of these log intensities, when their histogram is that of
/// few tissues blurred by a Gaussian of 0.15 (full width at half maximum): Wiener deconvolution
/// with noise 0.01 on 200 bins (Sled et al. 1998; Tustison et al. 2010). The values must differ.
std::vector<double> sharpened(const std::vector<double>& log_values);

}  // namespace dawson::imaging
