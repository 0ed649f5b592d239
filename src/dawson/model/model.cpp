#include "dawson/model/model.h"

#include "dawson/core/error.h"

namespace dawson::model {

Model open(const std::filesystem::path& folder, const std::filesystem::path& brain_model,
           const std::filesystem::path& atlas) {
  bundle::Bundle bundle = bundle::Bundle::open(folder);
  if (bundle.target != "lesion") {
    throw Error(ExitCode::model, "is not a lesion model", folder.string());
  }
  try {
    preprocessing::Recipe recipe =
        open_recipe(bundle.recipe, brain_model,
                    std::make_shared<const anatomy::Atlas>(anatomy::Atlas::open(atlas)));
    return {std::move(bundle), std::move(recipe)};
  } catch (const Error& e) {
    if (!e.where().empty()) throw;
    throw Error(e.code(), e.fact(), folder.string(), e.what_to_do());
  }
}

preprocessing::Recipe open_recipe(const core::Json& recipe,
                                  const std::filesystem::path& brain_model,
                                  std::shared_ptr<const anatomy::Atlas> atlas) {
  auto finder = std::make_shared<const anatomy::BrainFinder>(bundle::Bundle::open(brain_model));
  if (recipe.value("brain_model_sha256", "") != finder->model().weights_sha256) {
    throw Error(ExitCode::model, "was made with another brain model", "",
                "use the brain model that came with it");
  }
  return preprocessing::Recipe::from_json(recipe, std::move(finder), std::move(atlas));
}

}  // namespace dawson::model
