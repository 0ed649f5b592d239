// A scan at a glance: its three middle slices side by side.
#pragma once

#include "dawson/report/picture.h"
#include "dawson/volume/volume.h"

namespace dawson::report {

/// Axial, coronal and sagittal slices through the brain's centre, `height` pixels high and in true
/// proportions, the brain outlined; through the middle of the scan and without outline where
/// `brain` is null or empty.
Picture thumbnail(const volume::Image& scan, const volume::Mask* brain, int height);

}  // namespace dawson::report
