#include "dawson/anatomy/location.h"

#include "dawson/core/error.h"
#include "dawson/core/hash.h"
#include "dawson/volume/nifti.h"

namespace dawson::anatomy {
namespace {

namespace fs = std::filesystem;

constexpr float full = 255.0F;  // of the stored bytes
constexpr double least_overlap = 0.5;
constexpr double usual_overlap = 0.75;

volume::Image read_share(const fs::path& file) {
  if (!fs::is_regular_file(file)) {
    throw Error(ExitCode::model, "is missing from the atlas", file.string(),
                "install dawson again");
  }
  volume::Image image = volume::read_nifti(file).image;
  for (float& v : image.data) v /= full;
  return image;
}

}  // namespace

Atlas Atlas::open(const fs::path& folder) {
  const fs::path frequency = folder / "lesion_frequency.nii.gz";
  const fs::path brain = folder / "brain.nii.gz";
  Atlas atlas;
  atlas.lesion_frequency = read_share(frequency);
  const volume::Image mean_brain = read_share(brain);
  atlas.brain = volume::Mask(mean_brain.grid);
  for (std::size_t i = 0; i < mean_brain.data.size(); ++i) {
    atlas.brain.data[i] = mean_brain.data[i] >= 0.5F ? 1 : 0;
  }
  atlas.sha256 = core::sha256(core::sha256_file(frequency) + core::sha256_file(brain));
  return atlas;
}

imaging::Alignment locate(const volume::Mask& brain, const Atlas& atlas, Progress& progress) {
  const imaging::Alignment alignment = imaging::align_masks(brain, atlas.brain, progress);
  if (alignment.dice < least_overlap) {
    throw Error(ExitCode::input, "does not have the shape of a whole brain", "",
                "is it a FLAIR scan of a head?");
  }
  if (alignment.is_cut) {
    progress.warn(
        "the scan ends within the brain: what lies beyond is not seen, "
        "and counts and volumes are of the part that is");
  }
  if (alignment.dice < usual_overlap) {
    progress.warn("the brain's outline fits MNI152 poorly (Dice " +
                  std::to_string(alignment.dice).substr(0, 4) +
                  "): part of the brain may be missing from the scan");
  }
  return alignment;
}

}  // namespace dawson::anatomy
