// A folder of models for made heads, as DAWSON_MODELS names one.
#pragma once

#include "dawson/model/model.h"
#include "dawson/quality/measures.h"
#include "support/made_bundles.h"

namespace dawson::made {

/// A reference of scan quality that judges by `judged`: {"noise": {"low": …, "high": …}, …}.
inline void write_reference(const std::filesystem::path& folder,
                            const core::Json& judged = core::Json::object()) {
  const std::vector<double> even(quality::histogram_bins, 1.0 / quality::histogram_bins);
  std::filesystem::create_directories(folder / "quality");
  core::write_json(folder / "quality" / "reference.json", {{"format", 1},
                                                           {"scans", 1},
                                                           {"margin", 0},
                                                           {"histogram", even},
                                                           {"judged", judged},
                                                           {"looked_at", judged}});
}

/// Writes brain/ and lesion/ beside the atlas, and a reference of quality that judges nothing. The
/// lesion model finds what is more than 4 deviations above the brain's median.
inline void write_models(const std::filesystem::path& folder,
                         const preprocessing::RecipeSettings& settings = {.in_plane_mm = 2,
                                                                          .slice_mm = 2}) {
  std::filesystem::create_directories(folder);
  std::filesystem::create_directory_symlink(atlas_folder(), folder / "atlas");
  write_reference(folder);
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
