// A bundle opened for use: graph, recipe, threshold, calibration.
#pragma once

#include <filesystem>
#include <memory>

#include "dawson/bundle/bundle.h"
#include "dawson/preprocessing/recipe.h"

namespace dawson::model {

/// Everything that turns a scan into probabilities and a mask.
struct Model {
  bundle::Bundle bundle;
  preprocessing::Recipe recipe;
};

/// Opens a lesion bundle with the brain model and atlas it was made with: `brain_model` and `atlas`
/// are their folders. Throws Error{model} when anything is missing, damaged or does not fit.
Model open(const std::filesystem::path& bundle, const std::filesystem::path& brain_model,
           const std::filesystem::path& atlas);

/// A stored recipe with the brain model that it was sealed with. Throws Error{model} when the brain
/// model, the atlas or this version does not fit it.
preprocessing::Recipe open_recipe(const core::Json& recipe,
                                  const std::filesystem::path& brain_model,
                                  std::shared_ptr<const anatomy::Atlas> atlas);

}  // namespace dawson::model
