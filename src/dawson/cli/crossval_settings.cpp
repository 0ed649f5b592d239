#include "dawson/cli/crossval_settings.h"

#include "dawson/cli/recipe_options.h"
#include "dawson/cli/training_options.h"
#include "dawson/training/trainer.h"

namespace dawson::cli {

workflow::CrossvalSettings trained_settings(const Context& crossval) {
  workflow::CrossvalSettings s;
  s.method = crossval.text("method");
  s.extra_weight = crossval.real("extra-weight");
  s.recipe = recipe_settings(crossval);
  s.lesion = training_settings(crossval, "lesion", static_cast<int>(s.recipe.sequences.size()));
  s.brain = training::default_settings("brain");
  s.brain.seed = s.lesion.seed;
  s.brain.iterations = crossval.integer("brain-iterations");
  s.brain.compute = s.lesion.compute;
  s.brain.device = s.lesion.device;
  s.brain.deterministic = s.lesion.deterministic;
  s.brain.memory_gib = s.lesion.memory_gib;
  s.brain.change_device = s.lesion.change_device;
  if (s.method == workflow::network_method) {
    training::require_trainable(s.brain);
    training::require_trainable(s.lesion);
  }
  return s;
}

}  // namespace dawson::cli
