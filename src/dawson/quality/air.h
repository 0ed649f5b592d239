// What the air around a head shows: noise and ghosts. Private to this room.
#pragma once

#include <optional>

#include "dawson/volume/volume.h"

namespace dawson::quality {

struct AirMeasures {
  double entropy_focus = 0;  ///< EFC
  double energy_ratio = 0;   ///< FBER
  double snr = 0;            ///< Dietrich's
  double artefacts = 0;      ///< QI1
};

/// None where less than 2 % of the volume is air that was not blanked.
std::optional<AirMeasures> measure_air(const volume::Image& scan, const volume::Mask& brain,
                                       double brain_median, double brain_mean);

}  // namespace dawson::quality
