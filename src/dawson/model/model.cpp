#include "dawson/model/model.h"

#include "dawson/core/error.h"

namespace dawson::model {

Model open(const std::filesystem::path& folder, const std::filesystem::path& brain_model,
           const std::filesystem::path& atlas) {
  bundle::Bundle bundle = bundle::Bundle::open(folder);
  if (bundle.target != "lesion") {
    throw Error(ExitCode::model, "is not a lesion model", folder.string());
  }
  auto finder = std::make_shared<const anatomy::BrainFinder>(bundle::Bundle::open(brain_model));
  if (bundle.recipe.value("brain_model_sha256", "") != finder->model().weights_sha256) {
    throw Error(ExitCode::model, "was made with another brain model", folder.string(),
                "use the brain model that came with it");
  }
  preprocessing::Recipe recipe = preprocessing::Recipe::from_json(
      bundle.recipe, std::move(finder),
      std::make_shared<const anatomy::Atlas>(anatomy::Atlas::open(atlas)));
  return {std::move(bundle), std::move(recipe)};
}

}  // namespace dawson::model
