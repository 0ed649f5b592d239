#include "dawson/cli/trial_settings.h"

#include <unistd.h>

#include <set>

#include "dawson/cli/commands.h"
#include "dawson/cli/layers.h"
#include "dawson/cli/process_options.h"

namespace dawson::cli {
namespace {

std::vector<Option> crossval_options_without(std::set<std::string> others) {
  for (const Option& o : process_options("", "")) others.insert(o.name);
  std::vector<Option> options;
  for (Option& o : crossval_command().options) {
    if (!others.contains(o.name)) options.push_back(std::move(o));
  }
  return options;
}

const std::set<std::string> decided_by_the_search = {
    "input", "output", "folds",  "leave-site-out", "fold",
    "final", "from",   "epochs", "prepare-only",   "iterations"};

}  // namespace

std::vector<Option> trial_options() {
  return crossval_options_without(decided_by_the_search);
}

std::vector<Option> searchable_options() {
  std::set<std::string> others = decided_by_the_search;
  others.insert({"extra", "device", "memory", "change-device"});
  return crossval_options_without(others);
}

core::Layer shared_layer(const Context& tune) {
  std::optional<std::filesystem::path> config;
  if (tune.has("config")) config = tune.path("config");
  core::Layer shared;
  for (core::Layer& layer : outer_layers(all_commands(), "crossval", config, environ)) {
    for (const Option& o : trial_options()) {
      if (const auto given = layer.find(o.name); given != layer.end()) {
        shared[o.name] = std::move(given->second);
      }
    }
  }
  if (tune.has("extra")) shared["extra"] = {tune.texts("extra"), ""};
  return shared;
}

}  // namespace dawson::cli
