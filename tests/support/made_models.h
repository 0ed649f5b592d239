// A folder of models for made heads, as DAWSON_MODELS names one.
#pragma once

#include "dawson/model/model.h"
#include "support/made_bundles.h"

namespace dawson::made {

/// Writes brain/ and lesion/ beside the atlas. The lesion model finds what is more than 4
/// deviations above the brain's median.
inline void write_models(const std::filesystem::path& folder,
                         const preprocessing::RecipeSettings& settings = {.in_plane_mm = 2,
                                                                          .slice_mm = 2}) {
  std::filesystem::create_directories(folder);
  std::filesystem::create_directory_symlink(atlas_folder(), folder / "atlas");
  brain_bundle().save(folder / "brain", /*half=*/true, /*overwrite=*/false);
  const auto finder =
      std::make_shared<const anatomy::BrainFinder>(bundle::Bundle::open(folder / "brain"));
  pixel_bundle("lesion", {3, 0}, -12, preprocessing::Recipe(settings, finder, atlas()).to_json())
      .save(folder / "lesion", /*half=*/true, /*overwrite=*/false);
}

inline model::Model open_models(const std::filesystem::path& folder) {
  return model::open(folder / "lesion", folder / "brain", folder / "atlas");
}

}  // namespace dawson::made
