#include "dawson/cli/recipe_options.h"

#include "dawson/cli/sequence_options.h"

namespace dawson::cli {

std::vector<Option> recipe_options() {
  return {{.name = "in-plane",
           .type = OptionType::real,
           .unit = "mm",
           .default_value = "1",
           .minimum = 0.3,
           .maximum = 4,
           .help = "Pixel of the network's slices."},
          {.name = "slice",
           .type = OptionType::real,
           .unit = "mm",
           .default_value = "1",
           .minimum = 0.3,
           .maximum = 8,
           .help = "Slice distance for scans that are about isotropic."},
          sequences_option(),
          {.name = "keep-bias", .type = OptionType::flag, .help = "Do not remove the bias field."}};
}

preprocessing::RecipeSettings recipe_settings(const Context& context) {
  preprocessing::RecipeSettings settings;
  settings.in_plane_mm = context.real("in-plane");
  settings.slice_mm = context.real("slice");
  settings.remove_bias = !context.flag("keep-bias");
  settings.sequences = named_sequences(context);
  return settings;
}

}  // namespace dawson::cli
