// A head with lesions of known place and volume: a skull-on, FLAIR-like scan and its truth.
#pragma once

#include <cstdint>
#include <filesystem>

#include "dawson/core/progress.h"
#include "dawson/volume/volume.h"

namespace dawson::synthesis {

struct PhantomSettings {
  std::uint64_t seed = 1;
  double lesion_load_ml = 12;    ///< aimed at; 0 gives a lesion-free head
  int lesions = 25;              ///< aimed at
  double spacing_mm = 1;         ///< in plane
  double slice_mm = 1;           ///< across (axial) slices; > spacing makes a thick-slice scan
  double noise_percent = 3;      ///< Rician, of white-matter intensity
  double bias_percent = 20;      ///< peak-to-peak variation of the coil field
  double warp_mm = 0;            ///< amplitude of a smooth random warp of the anatomy; 0: Colin27
  bool random_contrast = false;  ///< tissue intensities drawn around FLAIR's, for training
  bool skull = true;
};

struct Phantom {
  volume::Image flair;
  volume::Mask lesions;
  volume::Mask brain;
};

/// Colin27 with skull (Debian's mricron-data: ch2.nii.gz, ch2bet.nii.gz). Deterministic in `seed`.
/// Throws Error{input} where the package's files are not found.
Phantom make_phantom(const PhantomSettings& settings, const std::filesystem::path& head_folder,
                     Progress& progress);

/// The same from a head that was loaded once (synthesis/head_model.h), for many phantoms.
struct HeadModel;
Phantom make_phantom(const PhantomSettings& settings, const HeadModel& head, Progress& progress);

/// /usr/share/mricron/templates, or where $DAWSON_HEAD points.
std::filesystem::path default_head_folder();

}  // namespace dawson::synthesis
