// The anatomy that phantoms are painted on: one head, and what is known of its tissues.
#pragma once

#include <filesystem>

#include "dawson/core/progress.h"
#include "dawson/volume/volume.h"

namespace dawson::synthesis {

/// Mean T1 values of the brain's tissues.
struct TissueMeans {
  double csf = 0;
  double grey = 0;
  double white = 0;
  /// Between CSF and grey matter, and between grey and white: where a voxel changes sides.
  [[nodiscard]] double csf_grey() const noexcept { return (csf + grey) / 2; }
  [[nodiscard]] double grey_white() const noexcept { return (grey + white) / 2; }
};

/// Colin27 in its own space (MNI, RAS, 1 mm). Shares (0–1) are soft, so that they can be warped.
struct HeadModel {
  volume::Image t1;
  volume::Image hull;        ///< share inside the dura: brain and the CSF around it
  volume::Image ventricles;  ///< share of ventricle: lateral, third and fourth
  volume::Image brain;       ///< share of brain: parenchyma and ventricles, no outer sulcal CSF
  TissueMeans means;
};

/// Reads ch2.nii.gz and ch2bet.nii.gz and finds the tissues. Throws Error{input} when they are not
/// in `head_folder` or not the head that this file's coordinates are made for.
HeadModel load_head(const std::filesystem::path& head_folder, Progress& progress);

/// Mixture of three normal distributions (CSF, grey, white), by expectation maximisation over the
/// values of `t1` inside `brain`.
TissueMeans fit_tissues(const volume::Image& t1, const volume::Mask& brain);

}  // namespace dawson::synthesis
