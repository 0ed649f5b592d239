#include "dawson/cli/layers.h"

namespace dawson::cli {
namespace {

core::Vocabulary vocabulary_of(const std::vector<Command>& commands) {
  core::Vocabulary vocabulary;
  for (const Option& option : common_options()) {
    if (option.name != "config") vocabulary.common.push_back(option);  // a file names no other file
  }
  for (const Command& command : commands) {
    if (!command.hidden) vocabulary.commands[command.name] = command.options;
  }
  return vocabulary;
}

}  // namespace

std::vector<core::Layer> outer_layers(const std::vector<Command>& commands,
                                      const std::string& command,
                                      const std::optional<std::filesystem::path>& config,
                                      const char* const* environment) {
  const core::Vocabulary vocabulary = vocabulary_of(commands);
  std::vector<core::Layer> layers;
  if (config) {
    layers.push_back(core::file_layer(*config, vocabulary, command));
  } else if (std::filesystem::exists("dawson.toml")) {
    layers.push_back(core::file_layer("dawson.toml", vocabulary, command));
  }
  layers.push_back(core::environment_layer(environment, vocabulary, command));
  return layers;
}

}  // namespace dawson::cli
