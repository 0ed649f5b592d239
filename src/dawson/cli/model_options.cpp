#include "dawson/cli/model_options.h"

#include "dawson/core/folders.h"
#include "dawson/segmentation/traditional.h"

namespace dawson::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* network = "network";

fs::path brain_model(const Context& context) {
  return context.has("brain-model") ? context.path("brain-model") : core::find_model_file("brain");
}

}  // namespace

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
  const fs::path folder = fs::is_directory(wish) ? fs::path(wish) : core::find_model_file(wish);
  return model::open(folder, brain_model(context), core::find_model_file("atlas"));
}

Option method_option(const std::string& help) {
  std::vector<std::string> choices = {network};
  for (const std::string& name : segmentation::traditional_methods()) choices.push_back(name);
  return {
      .name = "method", .unit = "NAME", .default_value = network, .choices = choices, .help = help};
}

std::unique_ptr<segmentation::Method> open_method(const Context& context,
                                                  const segmentation::SegmenterSettings& settings) {
  const std::string method = context.text("method");
  if (method == network) {
    return std::make_unique<segmentation::Network>(open_model(context), settings);
  }
  const fs::path folder = context.settings().given("model")
                              ? fs::path(context.text("model"))
                              : core::find_model_file(fs::path("traditional") / method);
  const segmentation::MethodFile file = segmentation::MethodFile::open(folder);
  if (file.method != method) {
    throw Error(ExitCode::usage, "holds the method '" + file.method + "'", folder.string(),
                "give --method " + file.method);
  }
  return std::make_unique<segmentation::Traditional>(file, brain_model(context),
                                                     core::find_model_file("atlas"));
}

}  // namespace dawson::cli
