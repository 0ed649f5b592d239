#include "dawson/cli/model_options.h"

#include "dawson/core/folders.h"

namespace dawson::cli {

std::vector<Option> model_options() {
  return {{.name = "model",
           .unit = "NAME",
           .default_value = "lesion",
           .help = "A shipped model (dawson models list) or the folder of a bundle."},
          {.name = "brain-model",
           .type = OptionType::path,
           .unit = "FOLDER",
           .help = "The brain model that the lesion model was made with, if not the shipped one."}};
}

model::Model open_model(const Context& context) {
  const std::string wish = context.text("model");
  const std::filesystem::path folder = std::filesystem::is_directory(wish)
                                           ? std::filesystem::path(wish)
                                           : core::find_model_file(wish);
  const std::filesystem::path brain =
      context.has("brain-model") ? context.path("brain-model") : core::find_model_file("brain");
  return model::open(folder, brain, core::find_model_file("atlas"));
}

}  // namespace dawson::cli
